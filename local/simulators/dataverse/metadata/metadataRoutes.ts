/** `EntityDefinitions` and `GlobalOptionSetDefinitions` (dataverse-web-api section 18). Read only. */
import type { SimulatorResponse } from '../../common/server.ts';
import { DataverseError, errorCodes, methodNotAllowed, segmentNotFound } from '../errors.ts';
import { jsonResponse, queryOptionsOf, type RequestContext } from '../http/requestContext.ts';
import type { Segment } from '../http/resourcePath.ts';
import type { Option } from '../schema/optionCatalog.ts';
import { entityDefinition, optionSetDefinition } from './definitions.ts';
import { type MetadataObject, shapeAll, shapeOne } from './metadataQuery.ts';

/** The answer to a metadata request; null when the address is no metadata. */
export function metadataRequest(
  context: RequestContext,
  segments: readonly Segment[],
): SimulatorResponse | null {
  const [first, ...rest] = segments;
  if (first?.name !== 'EntityDefinitions' && first?.name !== 'GlobalOptionSetDefinitions') return null;
  if (context.request.method !== 'GET') throw methodNotAllowed(context.request.method, first.name);
  const objects =
    first.name === 'EntityDefinitions' ? tableObjects(context, first.key) : globalOptionSets(context);
  return answer(context, first, rest, objects);
}

/** A table asked for by its name is described alone: the definitions of all take their time. */
function tableObjects(context: RequestContext, key: string | null): readonly MetadataObject[] {
  const { schema, options } = context.organisation;
  const name = /^LogicalName\s*=\s*'([^']*)'$/.exec(key ?? '')?.[1];
  const tables =
    name === undefined ? schema.tables : schema.tables.filter((table) => table.logicalName === name);
  return tables.map((table) => entityDefinition(schema, options, table));
}

function globalOptionSets(context: RequestContext): readonly MetadataObject[] {
  const { schema, options } = context.organisation;
  return Object.keys(schema.globalOptionSets).map((name): MetadataObject => {
    const set: readonly Option[] = options.byKey(name) ?? [];
    return optionSetDefinition(name, set, true);
  });
}

/** Walks down the address: a set, one of it, a derived type, a property of it. */
function answer(
  context: RequestContext,
  segment: Segment,
  rest: readonly Segment[],
  objects: readonly MetadataObject[],
): SimulatorResponse {
  const [next, ...remaining] = rest;
  const cast = next && /^Microsoft\.Dynamics\.CRM\.\w+$/.test(next.name) ? next.name : null;
  const typed = cast ? objects.filter((object) => object['@odata.type'] === `#${cast}`) : objects;
  const below = cast ? remaining : rest;
  const key = segment.key ?? (cast ? (next?.key ?? null) : null);
  if (key === null) {
    if (below.length > 0) throw segmentNotFound(below[0]?.name ?? '');
    return list(context, segment.name, typed);
  }
  return one(context, segment.name, found(typed, key), below);
}

function list(context: RequestContext, name: string, objects: readonly MetadataObject[]): SimulatorResponse {
  const value = shapeAll(objects, queryOptionsOf(context));
  return jsonResponse(context, { '@odata.context': `${context.base}/$metadata#${name}`, value });
}

function one(
  context: RequestContext,
  name: string,
  object: MetadataObject,
  below: readonly Segment[],
): SimulatorResponse {
  const [property, ...rest] = below;
  if (!property) {
    const shaped = shapeOne(object, queryOptionsOf(context));
    return jsonResponse(context, {
      '@odata.context': `${context.base}/$metadata#${name}/$entity`,
      ...shaped,
    });
  }
  const value = object[property.name];
  if (value === undefined) throw segmentNotFound(property.name);
  if (Array.isArray(value)) return answer(context, property, rest, value as readonly MetadataObject[]);
  if (typeof value === 'object' && value !== null) return one(context, name, value as MetadataObject, rest);
  return jsonResponse(context, {
    '@odata.context': `${context.base}/$metadata#${name}/${property.name}`,
    value,
  });
}

/** By `LogicalName='x'`, `Name='x'` or the metadata id. Raises 404. */
function found(objects: readonly MetadataObject[], key: string): MetadataObject {
  const named = /^(\w+)\s*=\s*'([^']*)'$/.exec(key);
  const property = named?.[1] ?? 'MetadataId';
  const value = named?.[2] ?? key;
  const object = objects.find((candidate) => candidate[property] === value);
  if (!object) {
    throw new DataverseError(
      404,
      errorCodes.rowNotFound,
      `Could not find an entity with ${property} = ${value}.`,
    );
  }
  return object;
}
