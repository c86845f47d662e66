/** Chooses which log lines of the functions are shown. */

const shownLevels: ReadonlySet<string> = new Set(['warning', 'error', 'critical']);

/**
 * Whether to show a line of the local host, which begins with its level: warnings and errors, or every line with
 * `LOCAL_LOG=all`.
 */
export function isShown(line: string, localLog: string | null): boolean {
  if (localLog?.toLowerCase() === 'all') return true;
  return shownLevels.has(line.split(' ', 1)[0] ?? '');
}
