/** Paging of stored rows, as the HTTP API hands it on. */

export interface PageRequest {
  /** 1 to 1,000. */
  readonly top: number;
  /** Opaque `continuation` of the page before; null for the first page. */
  readonly continuation: string | null;
}

export interface StoredPage<Row> {
  readonly rows: readonly Row[];
  /** Null on the last page. */
  readonly continuation: string | null;
}
