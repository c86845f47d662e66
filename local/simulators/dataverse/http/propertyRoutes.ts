/** One property or navigation property of a row: `/accounts(id)/name`, `.../primarycontactid/$ref`. */
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload, methodNotAllowed, rowNotFound, segmentNotFound, unknownProperty } from '../errors.ts';
import { compileFilter } from '../query/filter.ts';
import { collectionTable, isMembership, relatedRow, relatedRows } from '../query/navigate.ts';
import { presentation, presentRow } from '../query/present.ts';
import { isLookup, type Table } from '../schema/schema.ts';
import type { Row } from '../store/row.ts';
import { writeContext } from '../write/context.ts';
import { parseReference } from '../write/parseBody.ts';
import { clearProperty, updateRow } from '../write/updateRow.ts';
import { collectionHead } from './collectionHead.ts';
import { bodyOf, jsonResponse, noContent, queryOptionsOf, type RequestContext } from './requestContext.ts';
import { idInKey, type Segment } from './resourcePath.ts';
import { checkIfMatch, representation } from './rowRoutes.ts';

/** Everything below one row. `rest` starts with the property. Raises 404, 405 and the refusals of a write. */
export function propertyRequest(
  context: RequestContext,
  table: Table,
  id: string,
  rest: readonly Segment[],
): SimulatorResponse {
  const row = context.organisation.store.get(table, id);
  if (!row) throw rowNotFound(table.logicalName, id);
  const [property, last, extra] = rest;
  if (!property || extra) throw segmentNotFound(extra?.name ?? '');
  if (last?.name === '$ref') return referenceRequest(context, table, id, property);
  switch (context.request.method) {
    case 'GET':
      return readProperty(context, table, row, property, last);
    case 'PUT':
      return putProperty(context, table, row, id, property.name);
    case 'DELETE':
      checkIfMatch(table, row, context.request.headers['if-match']);
      checkProperty(table, property.name);
      clearProperty(writeContext(context.organisation, context.acting), table, id, property.name);
      return noContent();
    default:
      throw methodNotAllowed(context.request.method, property.name);
  }
}

function readProperty(
  context: RequestContext,
  table: Table,
  row: Row,
  property: Segment,
  last: Segment | undefined,
): SimulatorResponse {
  const other = collectionTable(context.organisation, table, property.name);
  if (other) return readRelatedRows(context, table, row, property.name, other, last?.name === '$count');
  if (table.byNavigation.has(property.name)) {
    const related = relatedRow(context.organisation, table, row, property.name);
    return related ? jsonResponse(context, representation(context, related.table, related.row)) : noContent();
  }
  const column = table.byProperty.get(property.name);
  if (!column) throw unknownProperty(property.name, table.logicalName);
  const value = row[property.name] ?? null;
  if (value === null) return noContent();
  if (last?.name === '$value') {
    return {
      status: 200,
      headers: { 'Content-Type': 'text/plain', 'OData-Version': '4.0' },
      body: String(value),
    };
  }
  const address = `${table.entitySet}(${String(row[table.primaryId])})/${property.name}`;
  return jsonResponse(context, { '@odata.context': `${context.base}/$metadata#${address}`, value });
}

function readRelatedRows(
  context: RequestContext,
  table: Table,
  row: Row,
  navigation: string,
  other: Table,
  countOnly: boolean,
): SimulatorResponse {
  const options = queryOptionsOf(context);
  const filter = options.filter === null ? null : compileFilter(context.organisation, other, options.filter);
  const rows = relatedRows(context.organisation, table, row, navigation).filter(
    (related) => !filter || filter.test(related),
  );
  if (countOnly) return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: String(rows.length) };
  const shown = presentation(context.organisation, other, options.select, context.preferences);
  return jsonResponse(context, {
    ...collectionHead(context, other, options),
    ...(options.count ? { '@odata.count': rows.length } : {}),
    value: rows.slice(0, options.top ?? undefined).map((related) => presentRow(related, shown)),
  });
}

function checkProperty(table: Table, property: string): void {
  const column = table.byName.get(property);
  if (!column || isLookup(column)) throw unknownProperty(property, table.logicalName);
}

/** `PUT /accounts(id)/name` with `{"value": ...}`. */
function putProperty(
  context: RequestContext,
  table: Table,
  row: Row,
  id: string,
  property: string,
): SimulatorResponse {
  checkProperty(table, property);
  checkIfMatch(table, row, context.request.headers['if-match']);
  const body = bodyOf(context);
  if (!('value' in body)) throw badPayload("The body of a property needs a 'value'.");
  updateRow(writeContext(context.organisation, context.acting), table, id, { [property]: body['value'] });
  return noContent();
}

/** `PUT` and `DELETE` on single-valued, `POST` and `DELETE` on collection navigation properties. */
function referenceRequest(
  context: RequestContext,
  table: Table,
  id: string,
  property: Segment,
): SimulatorResponse {
  if (isMembership(table, property.name)) return membershipRequest(context, table, id, property);
  const { method } = context.request;
  const write = writeContext(context.organisation, context.acting);
  const relation = table.collections.get(property.name);
  if (relation) {
    const child = context.organisation.store.tableOf(relation.table);
    const column = child.byName.get(relation.column);
    const navigation = column?.navigation?.[table.logicalName] ?? '';
    const bind = method === 'POST' ? `/${table.entitySet}(${id})` : null;
    const childId = method === 'POST' ? referenceIn(context).id : idInKey(child, property.key ?? '');
    updateRow(write, child, childId, { [`${navigation}@odata.bind`]: bind });
    return noContent();
  }
  if (!table.byNavigation.has(property.name)) throw segmentNotFound(property.name);
  if (method === 'DELETE') clearProperty(write, table, id, property.name);
  else if (method === 'PUT') {
    const { table: target, id: targetId } = referenceIn(context);
    updateRow(write, table, id, { [`${property.name}@odata.bind`]: `/${target.entitySet}(${targetId})` });
  } else throw methodNotAllowed(method, property.name);
  return noContent();
}

/** The row named by `{"@odata.id": "..."}`. Raises 400 and 404. */
function referenceIn(context: RequestContext): { readonly table: Table; readonly id: string } {
  const reference = bodyOf(context)['@odata.id'];
  if (typeof reference !== 'string') throw badPayload("The body of a reference needs '@odata.id'.");
  const found = parseReference(context.organisation.schema, reference);
  if (!context.organisation.store.get(found.table, found.id)) {
    throw rowNotFound(found.table.logicalName, found.id);
  }
  return found;
}

function membershipRequest(
  context: RequestContext,
  table: Table,
  id: string,
  property: Segment,
): SimulatorResponse {
  const { method } = context.request;
  const other = context.organisation.store.tableOf(table.logicalName === 'team' ? 'systemuser' : 'team');
  if (method !== 'POST' && method !== 'DELETE') throw methodNotAllowed(method, property.name);
  const otherId = method === 'POST' ? referenceIn(context).id : idInKey(other, property.key ?? '');
  if (!context.organisation.store.get(other, otherId)) throw rowNotFound(other.logicalName, otherId);
  const [teamId, userId] = table.logicalName === 'team' ? [id, otherId] : [otherId, id];
  context.organisation.store.setMember(teamId, userId, method === 'POST');
  return noContent();
}
