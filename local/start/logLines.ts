/** Chooses which log lines of the functions are shown, and shows them without disturbing the progress. */

const shownLevels: ReadonlySet<string> = new Set(['warning', 'error', 'critical']);

/**
 * Whether to show a line of the local host, which begins with its level: warnings and errors, or every line with
 * `LOCAL_LOG=all`.
 */
export function isShown(line: string, localLog: string | null): boolean {
  if (localLog?.toLowerCase() === 'all') return true;
  return shownLevels.has(line.split(' ', 1)[0] ?? '');
}

/** Where log lines end up. */
export interface LinePrinter {
  printError(text: string): void;
}

/** Passes log lines on to stderr, or to the view that redraws its lines while there is one. */
export class LogSink {
  readonly #output: LinePrinter;
  readonly #localLog: string | null;
  #view: LinePrinter | null = null;

  constructor(output: LinePrinter, localLog: string | null) {
    this.#output = output;
    this.#localLog = localLog;
  }

  /** Null = no view any more. */
  useView(view: LinePrinter | null): void {
    this.#view = view;
  }

  take(line: string): void {
    if (isShown(line, this.#localLog)) (this.#view ?? this.#output).printError(line);
  }
}
