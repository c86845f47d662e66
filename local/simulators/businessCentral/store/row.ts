/** A stored row: one per record, shown by every page over its table. */
import type { Value } from '../schema/entityModel.ts';

/** Column values; a column that is absent is blank. */
export type RowValues = Readonly<Record<string, Value>>;

/** Stamps of the platform (section 3.3). Times are epoch milliseconds of the simulator clock. */
export interface RowStamps {
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly modifiedAtMs: number;
  readonly modifiedBy: string;
  /** Rises with every write in the database; also the content of the etag. */
  readonly rowVersion: number;
}

/** The row object keeps its identity over changes; values and stamps are replaced as a whole. */
export interface Row {
  readonly id: string;
  values: RowValues;
  stamps: RowStamps;
}

/** Text of an instant as the service writes it: milliseconds, trailing zeros dropped (section 3.3). */
export function instantText(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0+Z$/, 'Z');
}

/** The weak etag of a row version (section 4.1). */
export function etagOf(row: Row): string {
  const content = `'${String(row.stamps.rowVersion).length};${row.stamps.rowVersion};'`;
  return `W/"${Buffer.from(content).toString('base64')}"`;
}
