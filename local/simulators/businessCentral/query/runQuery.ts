/** Runs a query over a page source, through an index wherever the filter or the order allows it. */
import { evaluateFilter } from '../../../../shared/domain/odata/evaluateFilter.ts';
import type { FilterExpression } from '../../../../shared/domain/odata/filterExpression.ts';
import { isStoredColumn } from '../page/projection.ts';
import type { Value } from '../schema/entityModel.ts';
import type { Property } from '../schema/schema.ts';
import { compareValues, type IndexPosition } from '../store/orderedIndex.ts';
import type { Row } from '../store/row.ts';
import { idColumn, modifiedAtColumn } from '../store/table.ts';
import { type Bound, boundsOf, conjuncts, equalSetOf } from './conditions.ts';
import type { PageSource } from './pageSource.ts';
import type { OrderTerm, QueryOptions } from './queryOptions.ts';
import { type PagePosition, readSkipToken, writeSkipToken } from './skipToken.ts';

/** One page. */
export interface QueryPage {
  readonly rows: readonly Row[];
  /** The token of the next page; null when this is the last. */
  readonly nextToken: string | null;
  /** `$top` that is left for the next page; null when there was none. */
  readonly topLeft: number | null;
  /** All records that pass the filter, when `$count=true`. */
  readonly count: number | null;
}

/** Reads one page. */
export function runQuery(source: PageSource, options: QueryOptions): QueryPage {
  const limit = Math.min(options.top ?? options.pageSize, options.pageSize);
  const rows: Row[] = [];
  let skip = options.skip;
  let more = false;
  for (const row of matchingRows(source, options)) {
    if (skip > 0) {
      skip -= 1;
    } else if (rows.length < limit) {
      rows.push(row);
    } else {
      more = true;
      break;
    }
  }
  const topLeft = options.top === null ? null : options.top - rows.length;
  const last = rows.at(-1);
  const continues = more && last !== undefined && topLeft !== 0;
  return {
    rows,
    nextToken: continues ? writeSkipToken(positionOf(source, options.orderBy, last)) : null,
    topLeft,
    count: options.count ? countRows(source, options.filter) : null,
  };
}

/** How many records pass the filter. */
export function countRows(source: PageSource, filter: FilterExpression | null): number {
  let count = 0;
  const parts = partsToCheck(source, filter);
  for (const row of candidates(source, filter)) {
    if (parts.every((part) => passes(source, part, row))) count += 1;
  }
  return count;
}

/** Whether a row passes a filter; lambda expressions are ignored (section 3.1). */
export function passes(source: PageSource, filter: FilterExpression | null, row: Row): boolean {
  if (!filter) return true;
  return evaluateFilter(filter, {
    read: (path) => source.read(row, path[0] ?? ''),
    semantics: { ignoreCase: false },
  });
}

function positionOf(source: PageSource, orderBy: readonly OrderTerm[], row: Row): PagePosition {
  return { values: orderBy.map((term) => sortValue(source, term.property, row)), id: row.id };
}

/** Instants sort by time, not by their text, which drops zeros. */
function sortValue(source: PageSource, property: Property, row: Row): Value {
  if (property.column === modifiedAtColumn) return row.stamps.modifiedAtMs;
  const value = source.read(row, property.name);
  return property.type === 'Edm.DateTimeOffset' ? Date.parse(String(value)) : value;
}

function* matchingRows(source: PageSource, options: QueryOptions): Generator<Row> {
  const position = options.skipToken ? readSkipToken(options.skipToken, options.orderBy.length) : null;
  const ordered = indexedRows(source, options, position) ?? sortedRows(source, options, position);
  const parts = partsToCheck(source, options.filter);
  for (const row of ordered) if (parts.every((part) => passes(source, part, row))) yield row;
}

/** Everything that can pass the filter, in no order. */
function candidates(source: PageSource, filter: FilterExpression | null): Iterable<Row> {
  if (!source.table) return source.rows;
  return equalRows(source, filter)?.rows ?? changedRows(source, filter) ?? source.table.rows();
}

/** Rows found through `id eq` or a hash index on a stored column, and the part of the filter they answer. */
function equalRows(
  source: PageSource,
  filter: FilterExpression | null,
): { readonly rows: readonly Row[]; readonly part: FilterExpression } | null {
  const { table, set } = source;
  if (!table) return null;
  for (const part of conjuncts(filter)) {
    const equal = equalSetOf(part);
    const property = equal ? set.property.get(equal.property) : undefined;
    if (!equal || !property) continue;
    const values = [...new Set(equal.values)];
    if (property.name === set.key) return { part, rows: values.flatMap((id) => table.get(String(id)) ?? []) };
    if (!isStoredColumn(set, property)) continue;
    return { part, rows: values.flatMap((value) => table.findAll(property.column, value)) };
  }
  return null;
}

/** What an index has answered need not be looked at again: hundreds of `or` per row would be slow. */
function partsToCheck(source: PageSource, filter: FilterExpression | null): readonly FilterExpression[] {
  const answered = equalRows(source, filter)?.part;
  return conjuncts(filter).filter((part) => part !== answered);
}

/** Rows changed since the lower bound of the filter. */
function changedRows(source: PageSource, filter: FilterExpression | null): Iterable<Row> | null {
  const start = lowerBound(boundsOf(filter, modifiedProperty(source)));
  if (start === null || !source.table) return null;
  return source.table.ordered(modifiedAtColumn).ascending({ key: start, id: '' }, true);
}

function modifiedProperty(source: PageSource): string {
  return source.set.property.has('lastModifiedDateTime') ? 'lastModifiedDateTime' : '';
}

/** Literals may be finer than a millisecond; starting one earlier is safe because the filter is applied anyway. */
function lowerBound(bounds: readonly Bound[]): number | null {
  const lower = bounds.filter((bound) => bound.operator === 'gt' || bound.operator === 'ge');
  const times = lower.map((bound) => Date.parse(String(bound.literal.value))).filter(Number.isFinite);
  return times.length > 0 ? Math.max(...times) : null;
}

function upperBound(bounds: readonly Bound[]): number | null {
  const upper = bounds.filter((bound) => bound.operator === 'lt' || bound.operator === 'le');
  const times = upper.map((bound) => Date.parse(String(bound.literal.value))).filter(Number.isFinite);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Rows in the order asked for, straight from an ordered index; null when no index has that order. */
function indexedRows(
  source: PageSource,
  options: QueryOptions,
  position: PagePosition | null,
): Iterable<Row> | null {
  const [term] = effectiveOrder(source, options.orderBy);
  if (!source.table || equalRows(source, options.filter)) return null;
  if (effectiveOrder(source, options.orderBy).length > 1) return null;
  const column = term ? indexColumn(source, term.property) : idColumn;
  if (!column) return null;
  const index = source.table.ordered(column);
  const start = position ? { key: position.values[0] ?? position.id, id: position.id } : null;
  if (!term?.descending) return ascendingRows(source, options, column, start);
  return index.descending(start);
}

/** `$orderby=lastModifiedDateTime,id` is the order every index has anyway. */
function effectiveOrder(source: PageSource, orderBy: readonly OrderTerm[]): readonly OrderTerm[] {
  const last = orderBy.at(-1);
  const redundant = orderBy.length === 2 && last?.property.name === source.set.key;
  return redundant && last.descending === orderBy[0]?.descending ? orderBy.slice(0, 1) : orderBy;
}

function indexColumn(source: PageSource, property: Property): string | null {
  if (property.column === modifiedAtColumn) return modifiedAtColumn;
  if (property.name === source.set.key) return idColumn;
  return isStoredColumn(source.set, property) ? property.column : null;
}

function* ascendingRows(
  source: PageSource,
  options: QueryOptions,
  column: string,
  start: IndexPosition | null,
): Generator<Row> {
  const bounds = column === modifiedAtColumn ? boundsOf(options.filter, modifiedProperty(source)) : [];
  const [from, to] = [lowerBound(bounds), upperBound(bounds)];
  const first = start ?? (from === null ? null : { key: from, id: '' });
  for (const row of source.table?.ordered(column).ascending(first, start === null) ?? []) {
    if (to !== null && row.stamps.modifiedAtMs > to) return;
    yield row;
  }
}

function sortedRows(
  source: PageSource,
  options: QueryOptions,
  position: PagePosition | null,
): readonly Row[] {
  const keyed = [...candidates(source, options.filter)].map((row) => positionAndRow(source, options, row));
  const behind = position ? keyed.filter((each) => compare(options.orderBy, each, position) > 0) : keyed;
  return behind.sort((left, right) => compare(options.orderBy, left, right)).map((each) => each.row);
}

function positionAndRow(source: PageSource, options: QueryOptions, row: Row): PagePosition & { row: Row } {
  return { ...positionOf(source, options.orderBy, row), row };
}

/** The id breaks ties in the direction of the first term, as the indexes do. */
function compare(orderBy: readonly OrderTerm[], left: PagePosition, right: PagePosition): number {
  for (const [index, term] of orderBy.entries()) {
    const order = compareValues(left.values[index] ?? '', right.values[index] ?? '');
    if (order !== 0) return term.descending ? -order : order;
  }
  const order = compareValues(left.id, right.id);
  return orderBy[0]?.descending ? -order : order;
}
