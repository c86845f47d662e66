/** Finds the handler for one operation and turns refusals into answers. */
import type { SimulatorResponse } from '../../common/server.ts';
import { bulkAction, isBulkAction } from '../actions/bulkActions.ts';
import { callFunction } from '../actions/functions.ts';
import { bulkSupport } from '../actions/messageFilters.ts';
import { opportunityAction } from '../actions/opportunityActions.ts';
import { optionAction } from '../actions/optionActions.ts';
import { orderAction } from '../actions/orderActions.ts';
import { boundPriceLock, priceLockAction } from '../actions/priceLockActions.ts';
import { quoteAction } from '../actions/quoteActions.ts';
import { DataverseError, methodNotAllowed, segmentNotFound } from '../errors.ts';
import { csdl, serviceDocument } from '../metadata/csdl.ts';
import { metadataRequest } from '../metadata/metadataRoutes.ts';
import type { Table } from '../schema/schema.ts';
import { type AccessRight, checkAccess } from '../security/privileges.ts';
import { removePrivilege, roleOfUserRequest, rolesNavigation, userPrivileges } from '../security/roles.ts';
import { propertyRequest } from './propertyRoutes.ts';
import { readCollection, readCount } from './readCollection.ts';
import { jsonResponse, type RequestContext } from './requestContext.ts';
import { idInKey, parseSegments, type Segment } from './resourcePath.ts';
import { postRow, rowRequest } from './rowRoutes.ts';

const actionPrefix = 'Microsoft.Dynamics.CRM.';

/** Answers one operation; `resource` is the address behind the version, decoded. Refusals come back as answers. */
export function dispatch(context: RequestContext, resource: string): SimulatorResponse {
  try {
    return route(context, parseSegments(resource));
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error);
    throw error;
  }
}

/** The JSON error body of the Web API. */
export function errorResponse(error: DataverseError): SimulatorResponse {
  return {
    status: error.status,
    headers: {
      'Content-Type': 'application/json; odata.metadata=minimal',
      'OData-Version': '4.0',
      ...error.headers,
    },
    body: { error: { code: error.code, message: error.message } },
  };
}

function route(context: RequestContext, segments: readonly Segment[]): SimulatorResponse {
  const [first, ...rest] = segments;
  const { schema } = context.organisation;
  const isRead = context.request.method === 'GET';
  if (!first) return jsonResponse(context, serviceDocument(context.base, schema));
  if (first.name === '$metadata' && isRead) {
    return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: csdl(schema) };
  }
  const table = schema.bySet.get(first.name);
  if (table) return tableRoute(context, table, first, rest);
  const answer = metadataRequest(context, segments) ?? bulkSupport(context, first) ?? unbound(context, first);
  if (answer) return answer;
  throw segmentNotFound(first.name);
}

function unbound(context: RequestContext, segment: Segment): SimulatorResponse | null {
  if (context.request.method === 'GET') return callFunction(context, segment);
  if (context.request.method !== 'POST') return null;
  const { name } = segment;
  const action =
    optionAction(name) ??
    orderAction(name) ??
    quoteAction(name) ??
    opportunityAction(name) ??
    priceLockAction(name);
  return action ? action(context) : null;
}

function tableRoute(
  context: RequestContext,
  table: Table,
  segment: Segment,
  rest: readonly Segment[],
): SimulatorResponse {
  if (segment.key === null) return setRoute(context, table, rest);
  const id = idInKey(table, segment.key);
  const bound = boundOperation(context, table, id, rest);
  if (bound) return bound;
  checkRight(context, table, rest.length === 0 ? context.request.method : 'GET');
  if (rest.length === 0) return rowRequest(context, table, id);
  return boundToRow(context, table, id, rest) ?? propertyRequest(context, table, id, rest);
}

/** Actions on one row; null when the address names none. */
function boundToRow(
  context: RequestContext,
  table: Table,
  id: string,
  [next, extra]: readonly Segment[],
): SimulatorResponse | null {
  if (context.request.method !== 'POST' || extra || !next?.name.startsWith(actionPrefix)) return null;
  return boundPriceLock(next.name.slice(actionPrefix.length), table, id)?.(context) ?? null;
}

/** What is called on a row instead of read or written; null when nothing is. */
function boundOperation(
  context: RequestContext,
  table: Table,
  id: string,
  [first, ref]: readonly Segment[],
): SimulatorResponse | null {
  const { method } = context.request;
  const name = `${method} ${table.logicalName} ${first?.name.replace(actionPrefix, '') ?? ''}`;
  if (name === 'GET systemuser RetrieveUserPrivileges') return userPrivileges(context, id);
  if (name === 'POST role RemovePrivilegeRole') return removePrivilege(context, id);
  const isRoleOfUser = table.logicalName === 'systemuser' && first?.name === rolesNavigation;
  return isRoleOfUser && ref?.name === '$ref' ? roleOfUserRequest(context, id, first?.key ?? null) : null;
}

const rightOfMethod: Readonly<Record<string, AccessRight>> = {
  POST: 'Create',
  PATCH: 'Write',
  PUT: 'Write',
  DELETE: 'Delete',
};

function checkRight({ organisation, acting }: RequestContext, table: Table, method: string): void {
  checkAccess(organisation, acting, table.logicalName, rightOfMethod[method] ?? 'Read');
}

function setRoute(context: RequestContext, table: Table, rest: readonly Segment[]): SimulatorResponse {
  const { method } = context.request;
  const [next, extra] = rest;
  if (extra) throw segmentNotFound(extra.name);
  checkRight(context, table, next?.name.endsWith('UpdateMultiple') ? 'PATCH' : method);
  if (!next && method === 'GET') return readCollection(context, table);
  if (!next && method === 'POST') return postRow(context, table);
  if (next?.name === '$count' && method === 'GET') return readCount(context, table);
  const action = next?.name.startsWith(actionPrefix) ? next.name.slice(actionPrefix.length) : '';
  if (isBulkAction(action) && method === 'POST') return bulkAction(context, table, action);
  if (next && !isBulkAction(action) && next.name !== '$count') throw segmentNotFound(next.name);
  throw methodNotAllowed(method, table.entitySet);
}
