/** Asks both systems what they have and fits mappings to it; answers are remembered by the adapters. */
import { SyncFailure } from '../domain/common/failures.ts';
import type { ColumnFacts } from '../domain/mappings/completeMapping.ts';
import {
  type FittedMapping,
  fitMapping,
  type Shortcoming,
  type Surroundings,
} from '../domain/mappings/fitMapping.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import { missingOptions, type OptionUse, optionUses } from '../domain/mappings/optionUses.ts';
import type { SyncPorts } from './syncPorts.ts';

/** What was told already, by the log it was told to. */
const told = new WeakMap<SyncPorts['log'], Set<string>>();

/** Writes each shortcoming to the log once per process. */
export function tellOnce({ log }: SyncPorts, shortcomings: readonly Shortcoming[]): void {
  const known = told.get(log) ?? new Set<string>();
  told.set(log, known);
  for (const { mapping, code, fields, message, suggestion } of shortcomings) {
    if (known.has(message)) continue;
    known.add(message);
    log('warning', code, { mapping, fields, message, suggestion });
  }
}

/**
 * The mapping as it can run now, by the sets of Business Central and the columns and options of Dataverse. Raises
 * SyncFailure when a service cannot be asked.
 */
export async function fitForRun(ports: SyncPorts, mapping: TableMapping): Promise<FittedMapping> {
  const [sets, there] = await Promise.all([surroundingSets(ports, mapping), tableFacts(ports, mapping)]);
  return fitMapping(mapping, { ...sets, ...there });
}

/**
 * The same for many mappings, in a few requests however many they are: one for tables and one for options of Dataverse,
 * one for the sets of Business Central; further ones only for tables there are not. Raises SyncFailure.
 */
export async function fitAll(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly FittedMapping[]> {
  const { dataverse } = ports;
  await dataverse.prepareTables([...new Set(mappings.map((mapping) => mapping.dataverse.table))]);
  const columns = await Promise.all(mappings.map((mapping) => columnsOf(ports, mapping)));
  const uses = mappings.flatMap((mapping, index) => usesOf(mapping, columns[index] ?? null));
  if (uses.length > 0) await dataverse.optionNumbers(uses.map(({ column }) => column));
  return Promise.all(mappings.map((mapping) => fitForRun(ports, mapping)));
}

/** The same for work on one mapping; tells what it does without. Raises SyncFailure when nothing of it is left to work with. */
export async function requireFit(ports: SyncPorts, wanted: TableMapping): Promise<TableMapping> {
  const { mapping, shortcomings } = await fitForRun(ports, wanted);
  tellOnce(ports, shortcomings);
  const [first] = shortcomings;
  if (mapping.enabled || first === undefined) return mapping;
  const { code, message, suggestion } = first;
  throw new SyncFailure({ kind: 'config', code, message, suggestion });
}

/** The mappings that others may refer to: as far as the companion app decides, without those that cannot work at all. */
export async function fitToCompanionApp(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly TableMapping[]> {
  const fitted = await Promise.all(mappings.map((mapping) => fitToBusinessCentral(ports, mapping)));
  return fitted
    .map(({ mapping }) => mapping)
    .filter(({ enabled }, index) => enabled || mappings[index]?.enabled === false);
}

/** The mapping as far as the companion app decides. Raises SyncFailure when Business Central cannot be asked. */
export async function fitToBusinessCentral(ports: SyncPorts, mapping: TableMapping): Promise<FittedMapping> {
  const sets = await surroundingSets(ports, mapping);
  return fitMapping(mapping, { ...sets, columns: undefined, maxLengths: new Map(), missingOptions: [] });
}

async function surroundingSets(
  { businessCentral }: SyncPorts,
  mapping: TableMapping,
): Promise<Pick<Surroundings, 'companionApp' | 'missingSets' | 'companionProperties'>> {
  const sets = companionSetsOf(mapping);
  if (sets.length === 0) return { companionApp: true, missingSets: new Set() };
  if (!(await businessCentral.hasCompanionApp())) return { companionApp: false, missingSets: new Set() };
  const present = await Promise.all(sets.map((set) => businessCentral.hasCompanionSet(set)));
  const missingSets = new Set(sets.filter((_, index) => !present[index]));
  const wanted = writableSetsOf(mapping).filter((set) => !missingSets.has(set));
  const shown = await Promise.all(wanted.map((set) => businessCentral.companionProperties(set)));
  const companionProperties = new Map(wanted.map((set, index) => [set, shown[index] ?? new Set<string>()]));
  return { companionApp: true, missingSets, companionProperties };
}

/** Companion sets of which it matters what they show. */
function writableSetsOf({ fields }: TableMapping): readonly string[] {
  return [...new Set(fields.flatMap(({ businessCentral }) => businessCentral?.writableIn ?? []))];
}

function companionSetsOf({ businessCentral }: TableMapping): readonly string[] {
  const { route, entitySet, companions } = businessCentral;
  return route === 'companion' ? [entitySet, ...companions] : companions;
}

async function tableFacts(
  ports: SyncPorts,
  mapping: TableMapping,
): Promise<Pick<Surroundings, 'columns' | 'maxLengths' | 'missingOptions'>> {
  const columns = await columnsOf(ports, mapping);
  if (columns === null) return { columns, maxLengths: new Map(), missingOptions: [] };
  const uses = usesOf(mapping, columns);
  const known =
    uses.length === 0 ? [] : await ports.dataverse.optionNumbers(uses.map(({ column }) => column));
  const byColumn = new Map(uses.map(({ column }, index) => [column, known[index] ?? null]));
  return {
    columns: new Set(Object.keys(columns)),
    maxLengths: lengthsOf(columns),
    missingOptions: missingOptions(uses, (column) => byColumn.get(column) ?? null),
  };
}

type ColumnFactsByName = Readonly<Record<string, ColumnFacts>>;

function lengthsOf(columns: ColumnFactsByName): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(columns).flatMap(([name, { maxLength }]) =>
      maxLength === null ? [] : [[name, maxLength]],
    ),
  );
}

/** Option mappings pair the options themselves and rely on no number. */
function usesOf(mapping: TableMapping, columns: ColumnFactsByName | null): readonly OptionUse[] {
  return columns === null || mapping.kind === 'option' ? [] : optionUses(mapping, columns);
}

async function columnsOf({ dataverse }: SyncPorts, mapping: TableMapping): Promise<ColumnFactsByName | null> {
  try {
    return (await dataverse.table(mapping.dataverse.table)).attributes;
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'table-not-found') return null;
    throw error;
  }
}

/** What the enabled mappings cannot do in these environments. Raises SyncFailure when a service cannot be asked. */
export async function shortcomingsOf(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly Shortcoming[]> {
  const fitted = await fitAll(
    ports,
    mappings.filter(({ enabled }) => enabled),
  );
  return fitted.flatMap(({ shortcomings }) => shortcomings);
}
