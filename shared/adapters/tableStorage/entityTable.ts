/** What the stores need of a table: rows by key, ranges of rows, and entity-group transactions. */

/** A stored value; absent properties stand for null. */
export type PropertyValue = string | number | boolean;
export type Properties = Readonly<Record<string, PropertyValue>>;

/** A row as read back. Keys are in stored form (see keys.ts). */
export interface StoredRow {
  readonly partition: string;
  readonly row: string;
  readonly version: string;
  readonly properties: Properties;
}

/**
 * One change to a row.
 *
 * `insert` wants the row absent; `replace`, `merge` and `delete` want it present; `upsert` takes both.
 * `replace` with a version wants exactly that version. All but `merge` replace the whole row.
 */
export type RowWrite =
  | { readonly kind: 'insert' | 'upsert' | 'merge'; readonly row: string; readonly properties: Properties }
  | {
      readonly kind: 'replace';
      readonly row: string;
      readonly properties: Properties;
      readonly version?: string;
    }
  | { readonly kind: 'delete'; readonly row: string };

/**
 * What became of a transaction; nothing is written unless it is `done`.
 *
 * `versions` has one entry per write (null for deletes). `index` is the position of the write that was
 * refused, null when the service did not tell.
 */
export type TransactionResult =
  | { readonly status: 'done'; readonly versions: readonly (string | null)[] }
  | { readonly status: 'exists' | 'missing' | 'changed'; readonly index: number | null };

/** A comparison a row must pass; a missing property passes none. */
export interface Condition {
  readonly property: string;
  readonly operator: 'eq' | 'ge' | 'le';
  readonly value: string | boolean;
}

export interface RowQuery {
  /** Rows of this partition only. */
  readonly partition?: string;
  /** Rows of partitions that sort after this one. */
  readonly partitionAfter?: string;
  /** Rows with one of these keys; at most {@link maxRowConditions}. */
  readonly rows?: readonly string[];
  /** Inclusive lower bound of the row key. */
  readonly rowFrom?: string;
  /** Exclusive lower bound of the row key. */
  readonly rowAfter?: string;
  /** Exclusive upper bound of the row key. */
  readonly rowBefore?: string;
  readonly where?: readonly Condition[];
  /** Properties to read; all when absent. Keys are always there. */
  readonly select?: readonly string[];
  /** How many rows to read at most; all when absent. */
  readonly limit?: number;
}

export interface RowPage {
  /** By partition, then by row key, both in ordinal order. */
  readonly rows: readonly StoredRow[];
  /** Whether rows may follow that the limit cut off. */
  readonly more: boolean;
}

/** One table. Failures of the service come as SyncFailure. */
export interface EntityTable {
  readonly name: string;
  /** Null when there is no such row. One request. */
  get(partition: string, row: string): Promise<StoredRow | null>;
  /** One request per 1,000 rows found, at least one. */
  query(query: RowQuery): Promise<RowPage>;
  /** Carries out all writes or none, in one request: at most 100, each row once, at least one. */
  write(partition: string, writes: readonly RowWrite[]): Promise<TransactionResult>;
}

/** Comparisons of one filter that the service takes (platform B.3: 15 with the partition's). */
export const maxRowConditions = 15;
/** Rows the service hands out per request. */
export const maxRowsPerRequest = 1000;
