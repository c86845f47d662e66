/** A stored row: Web API read names to values. An absent property is null. Rows are never changed in place. */

/** A value as it goes over the wire. */
export type ColumnValue = string | number | boolean | null;

/** Read names to values. */
export type Row = Readonly<Record<string, ColumnValue | undefined>>;

/** The value of a property; null when absent. */
export function cellOf(row: Row | null | undefined, property: string): ColumnValue {
  return row?.[property] ?? null;
}

/** A text property; null when absent or no text. */
export function textOf(row: Row | null | undefined, property: string): string | null {
  const value = row?.[property];
  return typeof value === 'string' ? value : null;
}

/** A number property; null when absent or no number. */
export function numberOf(row: Row | null | undefined, property: string): number | null {
  const value = row?.[property];
  return typeof value === 'number' ? value : null;
}

/** The row with changes laid over it; properties set to null are dropped. */
export function withChanges(row: Row, changes: Row): Row {
  const next: Record<string, ColumnValue> = {};
  for (const [property, value] of Object.entries({ ...row, ...changes })) {
    if (value !== null && value !== undefined) next[property] = value;
  }
  return next;
}

/** The row version, the same number as in the etag. */
export function versionOf(row: Row): number {
  return numberOf(row, 'versionnumber') ?? 0;
}

/** The etag of a row (dataverse-web-api section 4). */
export function etagOf(row: Row): string {
  return `W/"${versionOf(row)}"`;
}
