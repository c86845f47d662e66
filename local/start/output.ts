/** Where the start writes: results to stdout, problems and log lines to stderr. */

/** The two streams of the program as lines. */
export interface Output {
  /** One or more lines to stdout. */
  print(text: string): void;
  /** One or more lines to stderr. */
  printError(text: string): void;
  /** Raw text to stdout, for lines that are redrawn on a terminal. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  columns(): number;
  /** Height of the terminal in lines. */
  rows(): number;
}

const assumedColumns = 100;
const assumedRows = 24;

/** The output of this process. Lines are redrawn and coloured only on a terminal that can do it. */
export function processOutput(): Output {
  const { stdout, stderr, env } = process;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    printError: (text) => void stderr.write(`${text}\n`),
    write: (text) => void stdout.write(text),
    isTerminal: stdout.isTTY === true && env['TERM'] !== 'dumb',
    columns: () => stdout.columns || assumedColumns,
    rows: () => stdout.rows || assumedRows,
  };
}
