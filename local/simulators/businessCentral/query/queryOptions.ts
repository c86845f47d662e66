/** Reads the OData query options of a request and checks them against the set. */
import type { FilterExpression } from '../../../../shared/domain/odata/filterExpression.ts';
import type { EntitySet, Property } from '../schema/schema.ts';
import { badRequest, notImplemented } from '../serviceError.ts';
import { type ExpandItem, readExpand } from './expandOption.ts';
import { readFilter } from './filterRules.ts';

export const largestPage = 20_000;

export interface OrderTerm {
  readonly property: Property;
  readonly descending: boolean;
}

/** Query options after checking. */
export interface QueryOptions {
  readonly filter: FilterExpression | null;
  /** Property names to show; null is all. */
  readonly select: readonly string[] | null;
  readonly orderBy: readonly OrderTerm[];
  readonly top: number | null;
  readonly skip: number;
  readonly count: boolean;
  readonly expand: readonly ExpandItem[];
  readonly skipToken: string | null;
  readonly pageSize: number;
}

const known = ['$filter', '$select', '$orderby', '$top', '$skip', '$count', '$expand', '$skiptoken'];
const ignored = ['$schemaversion', '$format'];

/** Reads the options. `prefer` is the Prefer header. Raises 400 for what the service refuses. */
export function readQueryOptions(
  parameters: Iterable<readonly [string, string]>,
  prefer: string,
  set: EntitySet,
): QueryOptions {
  const given = new Map(parameters);
  for (const name of given.keys()) {
    if (name.startsWith('$') && !known.includes(name) && !ignored.includes(name)) {
      throw badRequest(`The query option '${name}' is not supported.`);
    }
  }
  return {
    filter: optional(given.get('$filter'), (text) => readFilter(text, set)),
    select: optional(given.get('$select'), (text) => readSelect(text, set)),
    orderBy: optional(given.get('$orderby'), (text) => readOrderBy(text, set)) ?? [],
    top: optional(given.get('$top'), (text) => readNumber('$top', text)),
    skip: optional(given.get('$skip'), (text) => readNumber('$skip', text)) ?? 0,
    count: given.get('$count') === 'true',
    expand: optional(given.get('$expand'), (text) => readExpand(text, set)) ?? [],
    skipToken: given.get('$skiptoken') ?? null,
    pageSize: readPageSize(prefer),
  };
}

function optional<T>(text: string | undefined, read: (text: string) => T): T | null {
  return text === undefined || text.trim() === '' ? null : read(text);
}

function readNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`The value '${text}' of ${option} is not valid.`);
  return Number(text);
}

function propertyOf(name: string, set: EntitySet): Property {
  const property = set.property.get(name);
  if (property) return property;
  throw badRequest(`Could not find a property named '${name}' on type 'Microsoft.NAV.${set.entityType}'.`);
}

function readSelect(text: string, set: EntitySet): readonly string[] | null {
  const names = text.split(',').map((name) => name.trim());
  return names.includes('*') ? null : names.map((name) => propertyOf(name, set).name);
}

function readOrderBy(text: string, set: EntitySet): readonly OrderTerm[] {
  return text.split(',').map((term) => {
    const [name = '', direction = 'asc', ...rest] = term.trim().split(/\s+/);
    if (rest.length > 0 || !['asc', 'desc'].includes(direction))
      throw badRequest(`Invalid $orderby: '${term}'.`);
    const property = propertyOf(name, set);
    if (property.computed) throw notImplemented(`The property '${name}' cannot be used in $orderby.`);
    return { property, descending: direction === 'desc' };
  });
}

/** `odata.maxpagesize` of the Prefer header, at most 20,000 (section 3.2). */
function readPageSize(prefer: string): number {
  const match = /(?:^|[\s,;])(?:odata\.)?maxpagesize\s*=\s*(\d+)/i.exec(prefer);
  const asked = match ? Number(match[1]) : largestPage;
  return asked >= 1 ? Math.min(asked, largestPage) : largestPage;
}
