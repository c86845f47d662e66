/** Sets expected and seen side by side, for people. */
import type { Difference } from './difference.ts';

const heads = ['what', 'expected', 'seen'] as const;

/** Lines of three columns, as wide as their longest text. */
export function differenceTable(differences: readonly Difference[]): string {
  const rows = [heads, ...differences.map(({ what, expected, seen }) => [what, expected, seen])];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  |  ')
        .trimEnd(),
    )
    .join('\n');
}
