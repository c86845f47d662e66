/** `sdkmessagefilters`: how a client asks whether a table supports a bulk action (dataverse-web-api section 13). */
import type { SimulatorResponse } from '../../common/server.ts';
import { jsonResponse, type RequestContext } from '../http/requestContext.ts';
import type { Segment } from '../http/resourcePath.ts';
import { isBulkAction } from './bulkActions.ts';

/** One row when the filter names a bulk action and a served table, none otherwise; null for other sets. */
export function bulkSupport(context: RequestContext, segment: Segment): SimulatorResponse | null {
  if (segment.name !== 'sdkmessagefilters' || context.request.method !== 'GET') return null;
  const filter = context.request.url.searchParams.get('$filter') ?? '';
  const message = /sdkmessageid\/name eq '(\w+)'/.exec(filter)?.[1] ?? '';
  const tableName = /primaryobjecttypecode eq '(\w+)'/.exec(filter)?.[1] ?? '';
  const table = context.organisation.schema.byName.get(tableName);
  const supported = table && isBulkAction(message);
  const id = `5d3f0000-0000-4000-8000-${String(table?.objectTypeCode ?? 0).padStart(12, '0')}`;
  return jsonResponse(context, {
    '@odata.context': `${context.base}/$metadata#sdkmessagefilters(sdkmessagefilterid)`,
    value: supported ? [{ sdkmessagefilterid: id }] : [],
  });
}
