/** The error of a start that cannot go on, and how any error becomes lines for the user. */

/** Something the user can put right; each problem is one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

/** The user asked to stop while something was under way; nothing is wrong. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';

  constructor() {
    super('Stopped.');
  }
}

/** The text of anything thrown, on one line. Never throws. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

/** The lines of a message that has one line per problem. Never empty. */
export function problemLines(error: unknown): readonly string[] {
  if (error instanceof StartError) return error.problems;
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n').map((line) => line.trim());
  const filled = lines.filter((line) => line !== '');
  return filled.length > 0 ? filled : ['The start failed for a reason it did not tell.'];
}
