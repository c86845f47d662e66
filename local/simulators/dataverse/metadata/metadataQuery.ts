/** `$select`, `$filter` and `$expand` over metadata objects, which are plain JSON. */
import { evaluateFilter } from '../../../../shared/domain/odata/evaluateFilter.ts';
import { FilterSyntaxError, type FilterValue } from '../../../../shared/domain/odata/filterExpression.ts';
import { parseFilter } from '../../../../shared/domain/odata/parseFilter.ts';
import { badQuery } from '../errors.ts';
import type { QueryOptions } from '../query/queryOptions.ts';

/** Metadata as plain JSON. */
export type MetadataObject = Readonly<Record<string, unknown>>;

/** The objects that pass the filter, shaped. Raises 400. */
export function shapeAll(
  objects: readonly MetadataObject[],
  options: QueryOptions,
): readonly MetadataObject[] {
  const filter = options.filter === null ? null : parseMetadataFilter(options.filter);
  return objects
    .filter(
      (object) =>
        !filter ||
        evaluateFilter(filter, { read: (path) => scalarAt(object, path), semantics: { ignoreCase: false } }),
    )
    .slice(0, options.top ?? undefined)
    .map((object) => shapeOne(object, options));
}

/** The selected properties and the expanded ones; without a selection all plain properties. Raises 400. */
export function shapeOne(object: MetadataObject, options: QueryOptions): MetadataObject {
  const shaped: Record<string, unknown> = {};
  const names = options.select ? ['MetadataId', ...options.select] : Object.keys(object);
  for (const name of names) {
    if (!(name in object)) throw badQuery(`Could not find a property named '${name}' on the metadata type.`);
    if (!isNavigation(name)) shaped[name] = object[name];
  }
  if ('@odata.type' in object) shaped['@odata.type'] = object['@odata.type'];
  for (const { navigation, options: nested } of options.expand) {
    if (!(navigation in object)) throw badQuery(`Could not find a property named '${navigation}' to expand.`);
    shaped[navigation] = shapeNested(object[navigation], nested);
  }
  return shaped;
}

function shapeNested(value: unknown, options: QueryOptions): unknown {
  if (Array.isArray(value)) return shapeAll(value as readonly MetadataObject[], options);
  return value === null ? null : shapeOne(value as MetadataObject, options);
}

const navigations: readonly string[] = [
  'Attributes',
  'Keys',
  'ManyToOneRelationships',
  'OptionSet',
  'GlobalOptionSet',
];

function isNavigation(name: string): boolean {
  return navigations.includes(name);
}

/** Enumeration literals such as `Microsoft.Dynamics.CRM.AttributeTypeCode'String'` become plain text. */
function parseMetadataFilter(text: string) {
  try {
    return parseFilter(text.replaceAll(/Microsoft\.Dynamics\.CRM\.\w+(?=')/g, ''));
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badQuery(`Syntax error in $filter: ${error.message}.`);
    throw error;
  }
}

function scalarAt(object: unknown, path: readonly string[]): FilterValue | undefined {
  const value = path.reduce<unknown>(
    (current, name) =>
      typeof current === 'object' && current !== null ? (current as MetadataObject)[name] : undefined,
    object,
  );
  return typeof value === 'object' ? null : (value as FilterValue | undefined);
}
