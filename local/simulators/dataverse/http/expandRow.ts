/** `$expand`: one level of related rows inside a row. Not simulated: deeper levels, next links inside expanded collections. */
import { unknownProperty } from '../errors.ts';
import { compileFilter } from '../query/filter.ts';
import { collectionTable, relatedRow, relatedRows } from '../query/navigate.ts';
import { orderingFor } from '../query/orderBy.ts';
import { presentation, presentRow } from '../query/present.ts';
import type { ExpandItem } from '../query/queryOptions.ts';
import type { Table } from '../schema/schema.ts';
import type { Row } from '../store/row.ts';
import type { RequestContext } from './requestContext.ts';

/** Puts the expanded properties into the JSON of the row. Raises 400 for an unknown navigation property. */
export function addExpansions(
  context: RequestContext,
  table: Table,
  row: Row,
  json: Record<string, unknown>,
  items: readonly ExpandItem[],
): void {
  for (const item of items) json[item.navigation] = expanded(context, table, row, item);
}

function expanded(context: RequestContext, table: Table, row: Row, item: ExpandItem): unknown {
  const { organisation } = context;
  if (collectionTable(organisation, table, item.navigation)) {
    return expandedCollection(context, table, row, item);
  }
  const entry = table.byNavigation.get(item.navigation);
  if (!entry || !organisation.schema.byName.has(entry.target)) {
    throw unknownProperty(item.navigation, table.logicalName);
  }
  const related = relatedRow(organisation, table, row, item.navigation);
  const shown = presentation(
    organisation,
    related?.table ?? organisation.store.tableOf(entry.target),
    item.options.select,
    context.preferences,
  );
  return related ? presentRow(related.row, shown) : null;
}

function expandedCollection(context: RequestContext, table: Table, row: Row, item: ExpandItem): unknown {
  const { organisation, preferences } = context;
  const { options } = item;
  const other = collectionTable(organisation, table, item.navigation);
  if (!other) throw unknownProperty(item.navigation, table.logicalName);
  const filter = options.filter === null ? null : compileFilter(organisation, other, options.filter);
  const ordering = orderingFor(organisation, other, options.orderBy);
  const shown = presentation(organisation, other, options.select, preferences);
  return relatedRows(organisation, table, row, item.navigation)
    .filter((child) => !filter || filter.test(child))
    .map((child) => ({ child, key: ordering.keyOf(child) }))
    .sort((left, right) => ordering.compare(left.key, right.key))
    .slice(0, options.top ?? undefined)
    .map(({ child }) => presentRow(child, shown));
}

/** Checks the expansions against the table even when there is no row to expand. Raises 400. */
export function checkExpansions(context: RequestContext, table: Table, items: readonly ExpandItem[]): void {
  addExpansions(context, table, {}, {}, items);
}
