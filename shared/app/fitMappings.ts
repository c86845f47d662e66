/** Asks both systems what they have and fits mappings to it; answers are remembered by the adapters. */
import { SyncFailure } from '../domain/common/failures.ts';
import { type FittedMapping, fitMapping, type Surroundings } from '../domain/mappings/fitMapping.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import type { SyncPorts } from './syncPorts.ts';

/**
 * The mapping as it can run now, by the sets of Business Central and the columns of Dataverse. Raises SyncFailure when a
 * service cannot be asked.
 */
export async function fitForRun(ports: SyncPorts, mapping: TableMapping): Promise<FittedMapping> {
  const [sets, columns] = await Promise.all([surroundingSets(ports, mapping), columnsOf(ports, mapping)]);
  return fitMapping(mapping, { ...sets, columns });
}

/** The mappings that others may refer to: as far as the companion app decides, without those that cannot work at all. */
export async function fitToCompanionApp(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly TableMapping[]> {
  const fitted = await Promise.all(
    mappings.map(async (mapping) => {
      const sets = await surroundingSets(ports, mapping);
      const { mapping: fit } = fitMapping(mapping, { ...sets, columns: undefined });
      return mapping.enabled && !fit.enabled ? [] : [fit];
    }),
  );
  return fitted.flat();
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
