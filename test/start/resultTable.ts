/** Reads the result table a start has printed. */

/** Cells of one row by the head of their column. */
export type PrintedRow = Readonly<Record<string, string>>;

const columns = [
  'job',
  'direction',
  'inserted',
  'modified',
  'unchanged',
  'skipped',
  'failed',
  'seconds',
  'businessCentralRequests',
  'dataverseRequests',
] as const;

/** Columns that add up in the total. */
export const summedColumns = columns.filter((name) => !['job', 'direction', 'seconds'].includes(name));

/** The rows between the head and the lower border, the total last. */
export function printedRows(stdout: string): readonly PrintedRow[] {
  const lines = stdout.split('\n');
  const borders = lines.flatMap((line, index) => (/^\+[-+]+\+$/.test(line) ? [index] : []));
  const [, headEnd, end] = borders;
  return lines.slice((headEnd ?? 0) + 1, end).map((line) => {
    const cells = line.split('|').slice(1, -1);
    return Object.fromEntries(columns.map((name, index) => [name, cells[index]?.trim() ?? '']));
  });
}
