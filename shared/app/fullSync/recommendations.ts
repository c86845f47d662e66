/** Looks at both sides, one page each, to recommend what a full synchronisation is to do (E-134, A-81). */
import {
  recommendationBasis,
  recommendBySides,
  recommendCurrency,
  type SidesFilled,
} from '../../domain/fullSync/recommend.ts';
import type { Recommendation } from '../../domain/fullSync/review.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import {
  businessCentralFilter,
  dataverseFilter,
  filterAttributes,
  filterProperties,
  passesBusinessCentral,
  passesDataverse,
} from '../../domain/sync/recordFilter.ts';
import { requireFit } from '../fitMappings.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Raises SyncFailure when a service cannot be asked, or nothing of the mapping is left to work with. Reads only. */
export async function recommend(ports: SyncPorts, wanted: TableMapping): Promise<Recommendation> {
  const mapping = await requireFit(ports, wanted);
  switch (recommendationBasis(mapping)) {
    case 'nothing':
      return 'full';
    case 'baseCurrency':
      return recommendCurrency(await exchangeRates(ports, mapping));
    case 'businessCentral':
      return recommendBySides({ businessCentral: await isFilledThere(ports, mapping, 1), dataverse: null });
    case 'unitGroups':
      // Sales comes with one unit group, which does not count as data.
      return recommendBySides(await sidesFilled(ports, mapping, 2));
    case 'bothSides':
      return recommendBySides(await sidesFilled(ports, mapping, 1));
  }
}

async function exchangeRates({ dataverse }: SyncPorts, mapping: TableMapping): Promise<readonly number[]> {
  const selection = { table: mapping.dataverse.table, attributes: ['exchangerate'] };
  const rows = await dataverse.readRows(selection, null);
  return rows.map(({ values }) => Number(values['exchangerate'] ?? Number.NaN));
}

async function sidesFilled(ports: SyncPorts, mapping: TableMapping, leastRows: number): Promise<SidesFilled> {
  const [businessCentral, dataverse] = await Promise.all([
    isFilledThere(ports, mapping, 1),
    hasRows(ports, mapping, leastRows),
  ]);
  return { businessCentral, dataverse };
}

/** Whether Business Central has that many records within the filter; reads on only while it has seen fewer. */
async function isFilledThere(
  { businessCentral }: SyncPorts,
  { businessCentral: table }: TableMapping,
  least: number,
): Promise<boolean> {
  const { entitySet, route, keyProperty } = table;
  const filter = businessCentralFilter(table.filter);
  const properties = [...new Set([keyProperty, ...filterProperties(filter)])];
  const selection = { entitySet, route, properties, companions: [] };
  let seen = 0;
  let cursor: string | null = null;
  do {
    const page = await businessCentral.readChanges({ selection, modifiedFrom: null, cursor });
    seen += page.records.filter((record) => passesBusinessCentral(filter, record)).length;
    cursor = page.next;
  } while (seen < least && cursor !== null);
  return seen >= least;
}

/** The same for Sales. */
async function hasRows({ dataverse }: SyncPorts, mapping: TableMapping, least: number): Promise<boolean> {
  const filter = dataverseFilter(mapping.dataverse.filter);
  const selection = { table: mapping.dataverse.table, attributes: filterAttributes(filter) };
  let seen = 0;
  let position: string | null = null;
  do {
    const page = await dataverse.readChanges({ selection, position });
    seen += page.rows.filter((row) => passesDataverse(filter, row)).length;
    position = page.next;
  } while (seen < least && position !== null);
  return seen >= least;
}
