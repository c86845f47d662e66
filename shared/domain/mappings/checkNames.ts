/** Checks of names against what the services know: a template for a property that does not exist is refused (E-85). */
import { idKeyOf, isMissingSet, propertiesOfFilter } from './checkTableNames.ts';
import type { ColumnFacts } from './completeMapping.ts';
import { filterFault } from './mappingParts.ts';
import { type MappingProblem, problemAt } from './mappingProblem.ts';
import { businessCentralKey, type FieldMapping, type TableMapping, type Template } from './model.ts';

/** What the services say about names. */
export interface KnownNames {
  /** Whether properties exist, by key as in a record's values; those not asked for are absent. */
  readonly properties: ReadonlyMap<string, boolean>;
  /** Columns of the Dataverse table; null when its metadata could not be read. */
  readonly columns: Readonly<Record<string, ColumnFacts>> | null;
}

/** Everything wrong with the templates. Without the services, only names the mapping itself uses count as known. Pure. */
export function checkTemplates(mapping: TableMapping, known: KnownNames | null): readonly MappingProblem[] {
  return mapping.templates.flatMap((template, index) => [
    ...filterProblems(template, index),
    ...Object.keys(template.values).flatMap((name) => {
      const path = ['templates', index, 'values', name];
      return template.target === 'dataverse'
        ? columnProblems(mapping, name, path, known?.columns ?? null)
        : propertyProblems(mapping, name, path, known);
    }),
  ]);
}

/** Keys of Business Central values in templates and in the filter that the mapping itself does not know: the service has to be asked. */
export function unknownProperties(mapping: TableMapping): readonly string[] {
  const used = usedProperties(mapping);
  const names = mapping.templates
    .filter(({ target }) => target === 'businessCentral')
    .flatMap(({ values }) => Object.keys(values));
  return [...new Set([...names, ...propertiesOfFilter(mapping)])].filter((name) => !used.has(name));
}

/** Fields whose column or property the services do not have; what was not asked for is not judged. Pure. */
export function checkFieldNames(mapping: TableMapping, known: KnownNames | null): readonly MappingProblem[] {
  return mapping.fields.flatMap((field, index) => [
    ...propertyOfField(mapping, field, index, known),
    ...columnOfField(mapping, field, index, known?.columns ?? null),
  ]);
}

/** A main set that does not exist is told once for the mapping, not for each of its fields. */
function propertyOfField(
  mapping: TableMapping,
  { businessCentral: field }: FieldMapping,
  index: number,
  known: KnownNames | null,
): readonly MappingProblem[] {
  if (field === null || known?.properties.get(businessCentralKey(mapping, field)) !== false) return [];
  const main = mapping.businessCentral.entitySet;
  const set = field.entitySet ?? main;
  const isMissing = isMissingSet(mapping, set, known);
  if (isMissing && set === main) return [];
  const message = isMissing
    ? `is of a set that Business Central does not have: "${set}"`
    : `is no property of ${set} in Business Central: "${field.property}"`;
  return [problemAt('property-not-found', ['fields', index, 'businessCentral'], message)];
}

function columnOfField(
  { dataverse: { table } }: TableMapping,
  { dataverse: field }: FieldMapping,
  index: number,
  columns: KnownNames['columns'],
): readonly MappingProblem[] {
  if (field === null || field.type === 'entityName' || columns === null) return [];
  if (Object.hasOwn(columns, field.attribute)) return [];
  const message = `is no column of ${table}: "${field.attribute}"`;
  return [problemAt('property-not-found', ['fields', index, 'dataverse'], message)];
}

/** Keys of every property a mapping reads, writes or filters by, ids of its sets first, for asking the service about all of them. */
export function allProperties(mapping: TableMapping): readonly string[] {
  const { entitySet, companions } = mapping.businessCentral;
  return [
    ...new Set([
      ...[entitySet, ...companions].map((set) => idKeyOf(mapping, set)),
      ...usedProperties(mapping),
      ...propertiesOfFilter(mapping),
      ...unknownProperties(mapping),
    ]),
  ];
}

function usedProperties(mapping: TableMapping): ReadonlySet<string> {
  const { keyProperty, nameProperty, extraFields } = mapping.businessCentral;
  const mapped = [...mapping.fields.flatMap(({ businessCentral }) => businessCentral ?? []), ...extraFields];
  return new Set([keyProperty, nameProperty, ...mapped.map((field) => businessCentralKey(mapping, field))]);
}

function filterProblems({ target, sourceFilter }: Template, index: number): readonly MappingProblem[] {
  const fault = filterFault(target === 'dataverse' ? 'businessCentral' : 'dataverse', sourceFilter);
  const path = ['templates', index, 'sourceFilter'];
  return fault === null ? [] : [problemAt('filter-unreadable', path, fault)];
}

function propertyProblems(
  mapping: TableMapping,
  name: string,
  path: readonly (string | number)[],
  known: KnownNames | null,
): readonly MappingProblem[] {
  if (usedProperties(mapping).has(name) || known?.properties.get(name) === true) return [];
  const { entitySet } = mapping.businessCentral;
  return [problemAt('property-not-found', path, `is no property of ${entitySet} in Business Central`)];
}

function columnProblems(
  mapping: TableMapping,
  name: string,
  path: readonly (string | number)[],
  columns: KnownNames['columns'],
): readonly MappingProblem[] {
  const { table } = mapping.dataverse;
  if (columns === null) {
    const isUsed = mapping.fields.some(({ dataverse }) => dataverse?.attribute === name);
    const missing = `is no column of ${table} that the mapping knows`;
    return isUsed ? [] : [problemAt('property-not-found', path, missing)];
  }
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) return [problemAt('property-not-found', path, `is no column of ${table}`)];
  if (column.validForCreate) return [];
  return [problemAt('property-read-only', path, `is a column of ${table} that cannot be set`)];
}
