/** What is not as a scenario expects. */

/** One thing that is not as expected. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
}

/** One difference, or none. */
export function differing(what: string, expected: unknown, seen: unknown): readonly Difference[] {
  return expected === seen ? [] : [{ what, expected: shown(expected), seen: shown(seen) }];
}

/** A value as a report shows it. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent');
  return text.length > 120 ? `${text.slice(0, 100)}... (${text.length} characters)` : text;
}
