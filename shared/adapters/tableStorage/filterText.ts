/** The OData filter of a row query, in the small dialect Table Storage knows (platform B-14). */
import type { Condition, RowQuery } from './entityTable.ts';

/** Filter text; empty when the query has no bounds at all. */
export function filterText(query: RowQuery): string {
  const parts = [
    ...comparison('PartitionKey eq', query.partition),
    ...comparison('PartitionKey gt', query.partitionAfter),
    ...anyRow(query.rows),
    ...comparison('RowKey ge', query.rowFrom),
    ...comparison('RowKey gt', query.rowAfter),
    ...comparison('RowKey lt', query.rowBefore),
    ...(query.where ?? []).map(conditionText),
  ];
  return parts.join(' and ');
}

function comparison(left: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${left} ${literal(value)}`];
}

function anyRow(rows: readonly string[] | undefined): readonly string[] {
  if (rows === undefined) return [];
  return [`(${rows.map((row) => `RowKey eq ${literal(row)}`).join(' or ')})`];
}

function conditionText({ property, operator, value }: Condition): string {
  return `${property} ${operator} ${literal(value)}`;
}

function literal(value: string | boolean): string {
  return typeof value === 'boolean' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
