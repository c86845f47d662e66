/** POST, PATCH, DELETE and bound actions on stored sets (section 4). */
import type { Environment } from '../environment.ts';
import type { WriteContext } from '../page/draft.ts';
import { createRecord, deleteRecord, type PropertyValues, updateRecord } from '../page/writePage.ts';
import type { PageSource } from '../query/pageSource.ts';
import { type ActionResult, runAction } from '../rules/actions.ts';
import { navigations } from '../schema/relations.ts';
import { type EntitySet, requireSet } from '../schema/schema.ts';
import { badRequest, ServiceError } from '../serviceError.ts';
import { etagOf, type Row } from '../store/row.ts';
import { emptyResult, jsonResult, type Operation, type OperationResult } from './operation.ts';
import { everything, presentRow } from './present.ts';

function contextOf(environment: Environment, operation: Operation, source: PageSource): WriteContext {
  return {
    database: environment.database,
    company: source.company,
    user: operation.user,
    asClientUser: false,
  };
}

/** The JSON object of a body. Raises 400, or 415 for another media type. */
export function readBody(operation: Operation): PropertyValues {
  const type = operation.headers['content-type'] ?? '';
  if (type !== '' && !/\bjson\b/i.test(type)) {
    throw new ServiceError(415, 'BadRequest', 'The content type of the request is not supported.');
  }
  let body: unknown;
  try {
    body = JSON.parse(operation.body);
  } catch {
    throw badRequest('The body of the request is not valid JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body of the request must be a JSON object.');
  }
  return body as PropertyValues;
}

/** 405 for a verb the page does not allow. */
export function refuseMethod(set: EntitySet, method: string): never {
  throw new ServiceError(
    405,
    'BadRequest_MethodNotAllowed',
    `The page of '${set.entitySet}' does not allow ${method}.`,
  );
}

/** Compares `If-Match` with the etag of the row (section 4.1). */
export function checkIfMatch(header: string | undefined, etag: string): void {
  if (header === undefined || header.trim() === '') {
    throw badRequest('The request needs an If-Match header.', 'BadRequest_InvalidToken');
  }
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.includes('*') || tags.includes(etag)) return;
  throw new ServiceError(
    409,
    'Request_EntityChanged',
    'Another user has already changed the record. Refresh the record and try again.',
  );
}

function recordResult(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
  status: 200 | 201,
): OperationResult {
  const context = `companies(${source.company.info.id})/${source.set.entitySet}/$entity`;
  const body = {
    '@odata.context': `${operation.routeUrl}/$metadata#${context}`,
    ...presentRow(environment, source, row, everything),
  };
  const location = `${operation.routeUrl}/companies(${source.company.info.id})/${source.set.entitySet}(${row.id})`;
  return jsonResult(status, body, { ETag: etagOf(row), ...(status === 201 ? { Location: location } : {}) });
}

/** POST to a set. Child records nested under a navigation name are created with it (section 4.2). */
export function createOperation(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  parent: PropertyValues = {},
): OperationResult {
  const { set } = source;
  if (!set.insertAllowed) refuseMethod(set, 'POST');
  const body = { ...parent, ...readBody(operation) };
  const children = childrenOf(set, body);
  const values = Object.fromEntries(Object.entries(body).filter(([name]) => !children.has(name)));
  const context = contextOf(environment, operation, source);
  const row = environment.database.transaction(() => {
    const header = createRecord(context, set, values);
    for (const [name, records] of children) createChildren(context, set, name, header, records);
    return header;
  });
  return recordResult(environment, operation, source, row, 201);
}

function childrenOf(set: EntitySet, body: PropertyValues): ReadonlyMap<string, readonly PropertyValues[]> {
  const children = new Map<string, readonly PropertyValues[]>();
  for (const [name, value] of Object.entries(body)) {
    const isChild = navigations[set.entitySet]?.[name]?.theirs === 'documentId';
    if (!isChild) continue;
    if (!Array.isArray(value)) throw badRequest(`The navigation property '${name}' must be an array.`);
    children.set(name, value as readonly PropertyValues[]);
  }
  return children;
}

function createChildren(
  context: WriteContext,
  set: EntitySet,
  name: string,
  header: Row,
  records: readonly PropertyValues[],
): void {
  const child = requireSet(navigations[set.entitySet]?.[name]?.set ?? '');
  for (const record of records) createRecord(context, child, { documentId: header.id, ...record });
}

/** PATCH of a record: the given properties only, 200 with the record. */
export function updateOperation(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
): OperationResult {
  if (!source.set.modifyAllowed) refuseMethod(source.set, 'PATCH');
  checkIfMatch(operation.headers['if-match'], etagOf(row));
  const body = readBody(operation);
  const context = contextOf(environment, operation, source);
  environment.database.transaction(() => updateRecord(context, source.set, row, body));
  return recordResult(environment, operation, source, row, 200);
}

/** DELETE of a record: 204. */
export function deleteOperation(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
): OperationResult {
  if (!source.set.deleteAllowed) refuseMethod(source.set, 'DELETE');
  checkIfMatch(operation.headers['if-match'], etagOf(row));
  const context = contextOf(environment, operation, source);
  environment.database.transaction(() => deleteRecord(context, source.set, row));
  return emptyResult(204);
}

/** POST of a bound action: 204, the record it led to in `Location` (section 4.3). */
export function actionOperation(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
  action: string,
): OperationResult {
  const context = contextOf(environment, operation, source);
  const result: ActionResult = environment.database.transaction(() =>
    runAction(context, source.set, row, action),
  );
  const place = `companies(${source.company.info.id})/${result.set.entitySet}(${result.row.id})`;
  return emptyResult(204, { Location: `${operation.routeUrl}/${place}` });
}
