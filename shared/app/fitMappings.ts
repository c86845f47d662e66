/** Asks both systems what they have and fits mappings to it; answers are remembered by the adapters. */
import { SyncFailure } from '../domain/common/failures.ts';
import {
  type FittedMapping,
  fitMapping,
  type Shortcoming,
  type Surroundings,
} from '../domain/mappings/fitMapping.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
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
 * The mapping as it can run now, by the sets of Business Central and the columns of Dataverse. Raises SyncFailure when a
 * service cannot be asked.
 */
export async function fitForRun(ports: SyncPorts, mapping: TableMapping): Promise<FittedMapping> {
  const [sets, columns] = await Promise.all([surroundingSets(ports, mapping), columnsOf(ports, mapping)]);
  return fitMapping(mapping, { ...sets, columns });
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
  return fitMapping(mapping, { ...(await surroundingSets(ports, mapping)), columns: undefined });
}

async function surroundingSets(
  { businessCentral }: SyncPorts,
  mapping: TableMapping,
): Promise<Pick<Surroundings, 'companionApp' | 'missingSets'>> {
  const sets = companionSetsOf(mapping);
  if (sets.length === 0) return { companionApp: true, missingSets: new Set() };
  if (!(await businessCentral.hasCompanionApp())) return { companionApp: false, missingSets: new Set() };
  const present = await Promise.all(sets.map((set) => businessCentral.hasCompanionSet(set)));
  return { companionApp: true, missingSets: new Set(sets.filter((_, index) => !present[index])) };
}

function companionSetsOf({ businessCentral }: TableMapping): readonly string[] {
  const { route, entitySet, companions } = businessCentral;
  return route === 'companion' ? [entitySet, ...companions] : companions;
}

async function columnsOf(
  { dataverse }: SyncPorts,
  mapping: TableMapping,
): Promise<ReadonlySet<string> | null> {
  try {
    const { attributes } = await dataverse.table(mapping.dataverse.table);
    return new Set(Object.keys(attributes));
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'table-not-found') return null;
    throw error;
  }
}

/** What the mappings cannot do in these environments. Raises SyncFailure when a service cannot be asked. */
export async function shortcomingsOf(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly Shortcoming[]> {
  const fitted = await Promise.all(mappings.map((mapping) => fitForRun(ports, mapping)));
  return fitted.flatMap(({ shortcomings }) => shortcomings);
}
