/** Checks of table mappings that are well-formed: what a mapping says must make sense, alone and among the others. */
import { hasEntityRule, isDefaultName } from './catalog.ts';
import { checkFields } from './checkFields.ts';
import { checkFieldNames, checkTemplates, type KnownNames } from './checkNames.ts';
import { checkTableNames } from './checkTableNames.ts';
import { filterFault } from './mappingParts.ts';
import { type MappingProblem, problemAt } from './mappingProblem.ts';
import type { TableMapping } from './model.ts';

/** What a mapping is checked against. */
export interface MappingSurroundings {
  /** All mappings in force; one of the same name does not count. */
  readonly others: readonly TableMapping[];
  /** Names outside the mapping that the services know; null where they were not asked. */
  readonly known: KnownNames | null;
}

/** Everything wrong with a mapping, in the order of its parts. Pure. */
export function checkMapping(mapping: TableMapping, around: MappingSurroundings): readonly MappingProblem[] {
  const others = around.others.filter(({ name }) => name !== mapping.name);
  return [
    ...checkDependencies(mapping, others),
    ...checkFilters(mapping),
    ...checkKind(mapping),
    ...checkFields(mapping),
    ...checkTableNames(mapping, around.known),
    ...checkFieldNames(mapping, around.known),
    ...checkLookups(mapping, others),
    ...checkTemplates(mapping, around.known),
    ...checkRule(mapping),
  ];
}

/** A mapping of one's own may not have the name of a default mapping or job, in whatever set-up it exists. Pure. */
export function checkName(
  { name }: Pick<TableMapping, 'name'>,
  others: readonly TableMapping[],
): readonly MappingProblem[] {
  const isTaken = isDefaultName(name) || others.some((other) => other.name === name);
  return isTaken
    ? [problemAt('name-taken', ['name'], `"${name}" is the name of another mapping or job`)]
    : [];
}

function checkDependencies(
  mapping: TableMapping,
  others: readonly TableMapping[],
): readonly MappingProblem[] {
  const isKnown = (name: string) =>
    name === mapping.name || isDefaultName(name) || others.some((other) => other.name === name);
  const missing = mapping.dependsOn.flatMap((name, index) =>
    isKnown(name)
      ? []
      : [problemAt('dependency-missing', ['dependsOn', index], `names no table mapping: "${name}"`)],
  );
  const circle = circleOf(mapping, others);
  if (circle === null) return missing;
  const message = `closes a circle: ${circle.join(' -> ')}`;
  return [...missing, problemAt('circular-dependency', ['dependsOn'], message)];
}

/** The shortest way from a mapping back to itself along dependencies; null when there is none (E-135). */
function circleOf(mapping: TableMapping, others: readonly TableMapping[]): readonly string[] | null {
  const byName = new Map<string, TableMapping>(others.map((other) => [other.name, other]));
  const seen = new Set<string>();
  const ways: string[][] = [[mapping.name]];
  for (const way of ways) {
    const last = way.at(-1) ?? '';
    const next = way.length === 1 ? mapping : byName.get(last);
    for (const name of next?.dependsOn ?? []) {
      if (name === mapping.name) return [...way, name];
      if (!seen.has(name)) ways.push([...way, name]);
      seen.add(name);
    }
  }
  return null;
}

function checkFilters({ businessCentral, dataverse }: TableMapping): readonly MappingProblem[] {
  const faults = [
    ['businessCentral', filterFault('businessCentral', businessCentral.filter)],
    ['dataverse', filterFault('dataverse', dataverse.filter)],
  ] as const;
  return faults.flatMap(([side, fault]) =>
    fault === null ? [] : [problemAt('filter-unreadable', [side, 'filter'], fault)],
  );
}

/** Option values travel one way in a run (E-82, A-23). */
function checkKind({ kind, direction }: TableMapping): readonly MappingProblem[] {
  if (kind !== 'option' || direction !== 'both') return [];
  const message = 'cannot be both for a mapping of option values';
  return [problemAt('option-not-bidirectional', ['direction'], message)];
}

function checkLookups(mapping: TableMapping, others: readonly TableMapping[]): readonly MappingProblem[] {
  return mapping.fields.flatMap(({ lookup, enabled }, index) => {
    const isKnown = lookup === mapping.name || others.some(({ name }) => name === lookup);
    if (lookup === undefined || !enabled || isKnown) return [];
    const message = `names no table mapping: "${lookup}"`;
    return [problemAt('related-mapping-missing', ['fields', index, 'lookup'], message)];
  });
}

function checkRule({ rule }: TableMapping): readonly MappingProblem[] {
  if (rule === null || hasEntityRule(rule)) return [];
  return [problemAt('rule-not-found', ['rule'], `names no entity rule: "${rule}"`)];
}
