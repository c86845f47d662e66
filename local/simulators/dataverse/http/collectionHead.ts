/** The first lines of every answer that holds a set of rows. */
import type { QueryOptions } from '../query/queryOptions.ts';
import type { Table } from '../schema/schema.ts';
import type { RequestContext } from './requestContext.ts';

/** The context property of a set answer. */
export function collectionHead(
  context: RequestContext,
  table: Table,
  options: QueryOptions,
  suffix = '',
): Record<string, unknown> {
  const columns = options.select ? `(${options.select.join(',')})` : '';
  return { '@odata.context': `${context.base}/$metadata#${table.entitySet}${columns}${suffix}` };
}
