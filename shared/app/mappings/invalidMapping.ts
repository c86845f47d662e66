/** Raised when a mapping, or a change of one, is refused; nothing was changed then. */
import type { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingProblem, ProblemPath } from '../../domain/mappings/mappingProblem.ts';

/** One reason; the message reads on from the target. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Path into what was given, with points between its parts. */
  readonly target: string;
}

/** All reasons at once. */
export class InvalidMapping extends SyncFailure {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    const message = `The table mapping is refused: ${refusals.map(({ target, message }) => `${target} ${message}`).join('; ')}.`;
    super({ kind: 'data', code: 'invalid-mapping', message });
    this.refusals = refusals;
  }
}

/** Problems as refusals, each at the target that `targetOf` gives its path. */
export function refusalsOf(
  problems: readonly MappingProblem[],
  targetOf: (path: ProblemPath) => string = pathText,
): readonly Refusal[] {
  return problems.map(({ code, message, path }) => ({ code, message, target: targetOf(path) }));
}

/** A path as text. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'body';
}

/** Everything wrong with the form of a mapping or a change; an unknown property gets a refusal of its own. */
export function formRefusals(error: z.ZodError): readonly Refusal[] {
  return error.issues.flatMap((issue): Refusal[] => {
    if (issue.code === 'unrecognized_keys') {
      const target = (key: string) => pathText([...issue.path, key]);
      return issue.keys.map((key) => ({
        ...{ code: 'unknown-property', message: 'is not known here', target: target(key) },
      }));
    }
    const own: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
    const code = typeof own === 'string' ? own : 'invalid-value';
    return [{ code, message: messageOf(issue), target: pathText(issue.path) }];
  });
}

/** Wrong types in the words of the other messages, which read on from the target. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  if (issue.message.endsWith('received undefined')) return 'must be given';
  return `must be of type ${issue.expected}`;
}
