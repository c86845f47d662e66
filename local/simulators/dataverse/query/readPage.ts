/** Reads one page of a table in the order asked for (dataverse-web-api sections 5 and 6). */
import type { Organisation } from '../organisation.ts';
import type { Table } from '../schema/schema.ts';
import type { Row } from '../store/row.ts';
import { type CompiledFilter, compileFilter } from './filter.ts';
import { orderingFor, type SortKey } from './orderBy.ts';
import { largestPage } from './prefer.ts';
import type { QueryOptions } from './queryOptions.ts';
import type { ResultCache } from './resultCache.ts';

/** Some rows, and where to go on. */
export interface Page {
  readonly rows: readonly Row[];
  /** Where the next page starts; null on the last one. */
  readonly next: SortKey | null;
}

/** Which page of which query. */
export interface PageRequest {
  readonly organisation: Organisation;
  readonly table: Table;
  readonly options: QueryOptions;
  readonly after: SortKey | null;
  readonly size: number;
  readonly cache: ResultCache;
}

/** A page by keyset: rows behind the last one seen, so rows changed in between can be skipped or repeated. */
export function readPage(request: PageRequest): Page {
  const { organisation, table, options } = request;
  const filter = options.filter === null ? null : compileFilter(organisation, table, options.filter);
  const ordered = options.orderBy.length > 0 || filter?.candidates();
  return ordered ? sortedPage(request, filter) : scannedPage(request, filter);
}

/** Default order is the primary key, read from the index without sorting. */
function scannedPage(request: PageRequest, filter: CompiledFilter | null): Page {
  const { organisation, table, size } = request;
  const after = request.after === null ? null : String(request.after[0]);
  const rows: Row[] = [];
  for (const row of organisation.store.table(table).byId(after)) {
    if (filter && !filter.test(row)) continue;
    if (rows.length === size) return { rows, next: [String(rows.at(-1)?.[table.primaryId])] };
    rows.push(row);
  }
  return { rows, next: null };
}

function sortedPage(request: PageRequest, filter: CompiledFilter | null): Page {
  const { organisation, table, options, after, size } = request;
  const ordering = orderingFor(organisation, table, options.orderBy);
  const store = organisation.store.table(table);
  const paths = options.orderBy.map((item) => [item.path.join('/'), item.descending]);
  const cacheKey = JSON.stringify([table.logicalName, options.filter, paths]);
  // A path into another table makes the result depend on every table.
  const changes = cacheKey.includes('/') ? organisation.store.version : store.changes;
  const sorted = request.cache.get(cacheKey, changes, () => {
    const source = filter?.candidates() ?? [...store.rows()];
    return source
      .filter((row) => !filter || filter.test(row))
      .map((row) => ({ row, key: ordering.keyOf(row) }))
      .sort((left, right) => ordering.compare(left.key, right.key));
  });
  const start = after === null ? 0 : sorted.findIndex((entry) => ordering.compare(entry.key, after) > 0);
  const page = start < 0 ? [] : sorted.slice(start, start + size);
  const more = start >= 0 && start + size < sorted.length;
  return { rows: page.map((entry) => entry.row), next: more ? (page.at(-1)?.key ?? null) : null };
}

/** How many rows pass, up to the 5,000 that `$count` tells (dataverse-web-api section 5). */
export function countRows(organisation: Organisation, table: Table, filterText: string | null): number {
  const store = organisation.store.table(table);
  if (filterText === null) return Math.min(store.size, largestPage);
  const filter = compileFilter(organisation, table, filterText);
  let count = 0;
  for (const row of filter.candidates() ?? store.rows()) {
    if (filter.test(row)) count += 1;
    if (count === largestPage) break;
  }
  return count;
}
