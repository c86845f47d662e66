/** GET: service document, collections, records, navigation, counts. */

import { type Environment, publishedSets } from '../environment.ts';
import { conjuncts, equalSetOf } from '../query/conditions.ts';
import type { PageSource } from '../query/pageSource.ts';
import { type QueryOptions, readQueryOptions } from '../query/queryOptions.ts';
import { countRows, runQuery } from '../query/runQuery.ts';
import { companionRoute } from '../schema/entityModel.ts';
import { badRequest, dialogError, recordNotFound, resourceNotFound } from '../serviceError.ts';
import { etagOf, type Row } from '../store/row.ts';
import { jsonResult, type Operation, type OperationResult } from './operation.ts';
import { presentRow } from './present.ts';

/** The list of sets of a route (section 1). */
export function serviceDocument(environment: Environment, operation: Operation): OperationResult {
  const value = publishedSets(environment, operation.route).map((set) => ({
    name: set.entitySet,
    kind: 'EntitySet',
    url: set.entitySet,
  }));
  return jsonResult(200, { '@odata.context': `${operation.routeUrl}/$metadata`, value });
}

/** The query options of the operation for a set. */
export function optionsOf(operation: Operation, source: Pick<PageSource, 'set'>): QueryOptions {
  return readQueryOptions(operation.parameters, operation.headers['prefer'] ?? '', source.set);
}

/** A page of a collection. `context` is the part behind `$metadata#`. */
export function readCollection(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  context: string,
): OperationResult {
  const options = optionsOf(operation, source);
  refuseLinesWithoutDocument(source, options);
  const page = runQuery(source, options);
  const body: Record<string, unknown> = { '@odata.context': `${operation.routeUrl}/$metadata#${context}` };
  if (page.count !== null) body['@odata.count'] = page.count;
  body['value'] = page.rows.map((row) => presentRow(environment, source, row, options));
  if (page.nextToken) body['@odata.nextLink'] = nextLink(operation, page.nextToken, page.topLeft);
  return jsonResult(200, body);
}

/** The number of records that pass the filter, as plain text. */
export function readCount(operation: Operation, source: PageSource): OperationResult {
  const count = countRows(source, optionsOf(operation, source).filter);
  const headers = { 'Content-Type': 'text/plain', 'OData-Version': '4.0' };
  return { status: 200, headers, body: String(count) };
}

/** One record, with its etag. */
export function readRecord(
  environment: Environment,
  operation: Operation,
  source: PageSource,
  row: Row,
  context: string,
): OperationResult {
  const record = presentRow(environment, source, row, optionsOf(operation, source));
  const body = { '@odata.context': `${operation.routeUrl}/$metadata#${context}/$entity`, ...record };
  return jsonResult(200, body, row.stamps.rowVersion > 0 ? { ETag: etagOf(row) } : {});
}

/** The row of a key. Raises 404. */
export function requireRow(source: PageSource, key: string): Row {
  const row = source.table ? source.table.get(key) : source.rows.find((each) => each.id === key);
  if (row) return row;
  if (!/^[0-9a-f-]{36}$/.test(key) && source.set.key === 'id') {
    throw badRequest(
      `The key '${key}' of '${source.set.entitySet}' is not a GUID.`,
      'BadRequest_InvalidRequestUrl',
    );
  }
  throw recordNotFound(source.set.table, key);
}

/** The single record behind a navigation. Raises 404. */
export function requireSingle(source: PageSource, name: string): Row {
  const [row] = source.rows;
  if (!row) throw resourceNotFound(name);
  return row;
}

/** Line pages have a temporary source and need their document or a line id (schema remarks). */
function refuseLinesWithoutDocument(source: PageSource, options: QueryOptions): void {
  if (!source.table || !source.set.property.has('documentId') || source.set.property.has('documentNo'))
    return;
  if (source.set.route === companionRoute) return;
  const named = conjuncts(options.filter).some((part) => {
    const equal = equalSetOf(part);
    return equal?.property === 'documentId' || equal?.property === 'id';
  });
  if (!named) throw dialogError('You must specify an Id or a Document Id to get the lines.');
}

function nextLink(operation: Operation, token: string, topLeft: number | null): string {
  const parameters = new URLSearchParams(operation.parameters);
  parameters.delete('$skip');
  if (topLeft !== null) parameters.set('$top', String(topLeft));
  parameters.set('$skiptoken', token);
  const query = [...parameters].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${operation.routeUrl}/${operation.path}?${query}`;
}
