/** Shows the progress of the runs: lines that are redrawn on a terminal, plain lines elsewhere. */
import type { Output } from '../output.ts';
import { type ExpectedRecords, progressText, unknownRecords } from './progressText.ts';
import { hasEnded, type TrackedRun } from './trackRuns.ts';

/** Takes the runs as they go on. */
export interface ProgressView {
  update(runs: readonly TrackedRun[]): void;
  /** Writes a line to stderr without breaking up the redrawn ones. */
  printError(text: string): void;
  /** Leaves the last state on the screen. */
  end(): void;
}

export interface ProgressViewOptions {
  readonly output: Output;
  /** Epoch milliseconds of the app's clock. */
  readonly nowMs: () => number;
  readonly expected: (run: TrackedRun) => ExpectedRecords;
}

/** A line when a job begins and one when it ends. */
function plainView({ output, nowMs }: ProgressViewOptions): ProgressView {
  const begun = new Set<string>();
  const ended = new Set<string>();
  const show = (run: TrackedRun): void => {
    if (run.status === 'waiting') return;
    if (!begun.has(run.runId) && run.status !== 'notRun') output.print(`${run.job}: started`);
    begun.add(run.runId);
    if (!hasEnded(run) || ended.has(run.runId)) return;
    ended.add(run.runId);
    output.print(progressText(run, unknownRecords, nowMs()));
  };
  return {
    update: (runs) => {
      for (const run of runs) show(run);
    },
    printError: (text) => output.printError(text),
    end: () => undefined,
  };
}

const clearToEnd = '\u001b[J';
const lineUp = (count: number) => (count > 0 ? `\u001b[${count}A\r` : '');

/** The runs a low terminal has room for: from the last one that has ended on. */
function visible(runs: readonly TrackedRun[], height: number): readonly TrackedRun[] {
  const open = runs.findIndex((run) => !hasEnded(run));
  const from = Math.min(open < 0 ? runs.length : Math.max(0, open - 1), Math.max(0, runs.length - height));
  return runs.slice(from, from + height);
}

/** One line per job, drawn over the lines before; a line never wraps, or the count of lines would be wrong. */
function terminalView({ output, nowMs, expected }: ProgressViewOptions): ProgressView {
  let shown: readonly string[] = [];
  const lineOf = (run: TrackedRun): string =>
    progressText(run, run.status === 'running' ? expected(run) : unknownRecords, nowMs());
  const draw = (lines: readonly string[]): void => {
    const width = Math.max(20, output.columns() - 1);
    const text = lines.map((line) => `${line.slice(0, width)}\n`).join('');
    output.write(`${lineUp(shown.length)}${clearToEnd}${text}`);
    shown = lines;
  };
  return {
    update: (runs) => draw(visible(runs, Math.max(1, output.rows() - 1)).map(lineOf)),
    printError: (text) => {
      const lines = shown;
      draw([]);
      output.printError(text);
      draw(lines);
    },
    end: () => {
      shown = [];
    },
  };
}

/** The view that fits the output. */
export function createProgressView(options: ProgressViewOptions): ProgressView {
  return options.output.isTerminal ? terminalView(options) : plainView(options);
}
