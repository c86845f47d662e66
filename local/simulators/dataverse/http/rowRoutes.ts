/** Reading, creating, updating, upserting and deleting single rows (dataverse-web-api sections 4 and 9 to 11). */
import type { SimulatorResponse } from '../../common/server.ts';
import { DataverseError, errorCodes, methodNotAllowed, rowNotFound } from '../errors.ts';
import { presentation, presentRow } from '../query/present.ts';
import type { Table } from '../schema/schema.ts';
import { etagOf, type Row } from '../store/row.ts';
import { writeContext } from '../write/context.ts';
import { createRow, duplicateKey } from '../write/createRow.ts';
import { deleteRow } from '../write/deleteRow.ts';
import { updateRow } from '../write/updateRow.ts';
import { addExpansions } from './expandRow.ts';
import { bodyOf, jsonResponse, noContent, queryOptionsOf, type RequestContext } from './requestContext.ts';

/** `POST /accounts`. */
export function postRow(context: RequestContext, table: Table): SimulatorResponse {
  const row = createRow(writeContext(context.organisation, context.acting), table, bodyOf(context));
  return written(context, table, row, 201);
}

/** Everything addressed as `/accounts(<guid>)`. Raises 405 for other methods. */
export function rowRequest(context: RequestContext, table: Table, id: string): SimulatorResponse {
  switch (context.request.method) {
    case 'GET':
      return getRow(context, table, id);
    case 'PATCH':
      return patchRow(context, table, id);
    case 'DELETE':
      return deleteRequest(context, table, id);
    default:
      throw methodNotAllowed(context.request.method, table.entitySet);
  }
}

function getRow(context: RequestContext, table: Table, id: string): SimulatorResponse {
  const row = context.organisation.store.get(table, id);
  if (!row) throw rowNotFound(table.logicalName, id);
  const options = queryOptionsOf(context);
  const known = context.request.headers['if-none-match'];
  const conditional = options.expand.length === 0 && !context.preferences.includesAnyAnnotation;
  if (conditional && known === etagOf(row)) return { status: 304, headers: { 'OData-Version': '4.0' } };
  return jsonResponse(context, representation(context, table, row), 200, { ETag: etagOf(row) });
}

/** The JSON of one row with context, `$select` and `$expand`. */
export function representation(context: RequestContext, table: Table, row: Row): object {
  const options = queryOptionsOf(context);
  const shown = presentation(context.organisation, table, options.select, context.preferences);
  const columns = options.select ? `(${options.select.join(',')})` : '';
  const json: Record<string, unknown> = {
    '@odata.context': `${context.base}/$metadata#${table.entitySet}${columns}/$entity`,
    ...presentRow(row, shown),
  };
  if (context.request.method !== 'PATCH') addExpansions(context, table, row, json, options.expand);
  return json;
}

/** Without If-Match a missing row is created under the id of the address. */
function patchRow(context: RequestContext, table: Table, id: string): SimulatorResponse {
  const existing = context.organisation.store.get(table, id);
  const ifMatch = context.request.headers['if-match'];
  if (!existing && ifMatch !== undefined) throw rowNotFound(table.logicalName, id);
  if (existing && context.request.headers['if-none-match'] === '*') throw duplicateKey();
  const write = writeContext(context.organisation, context.acting);
  if (!existing) {
    const row = createRow(write, table, bodyOf(context), { id });
    return written(context, table, row, 201);
  }
  checkIfMatch(table, existing, ifMatch);
  return written(context, table, updateRow(write, table, id, bodyOf(context)), 200);
}

/** Raises 412 when the etag is stale and 400 when the table keeps none. */
export function checkIfMatch(table: Table, row: Row, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  if (!table.optimisticConcurrency) {
    throw new DataverseError(
      400,
      errorCodes.concurrencyNotEnabled,
      `Optimistic concurrency is not enabled for the table '${table.logicalName}'.`,
    );
  }
  if (ifMatch !== etagOf(row)) {
    throw new DataverseError(
      412,
      errorCodes.versionMismatch,
      "The version of the existing record doesn't match the RowVersion property provided.",
    );
  }
}

function deleteRequest(context: RequestContext, table: Table, id: string): SimulatorResponse {
  const row = context.organisation.store.get(table, id);
  if (!row) throw rowNotFound(table.logicalName, id);
  checkIfMatch(table, row, context.request.headers['if-match']);
  deleteRow(writeContext(context.organisation, context.acting), table, id);
  return noContent();
}

function written(context: RequestContext, table: Table, row: Row, status: 200 | 201): SimulatorResponse {
  const address = `${context.base}/${table.entitySet}(${String(row[table.primaryId])})`;
  const { preferences } = context;
  if (!preferences.representation) return noContent({ 'OData-EntityId': address });
  return jsonResponse(context, representation(context, table, row), status, {
    ETag: etagOf(row),
    ...(status === 201 ? { 'OData-EntityId': address } : {}),
  });
}
