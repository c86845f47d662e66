/** Couplings that make no sense without another one: contacts of a customer that is uncoupled (E-125). */
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { DependentCouplings, TableMapping } from '../../domain/mappings/model.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { RunScope } from '../run/runScope.ts';
import { fittedSelections } from './fittedSelections.ts';
import { removeCouplings } from './removeCouplings.ts';

/**
 * Removes the couplings of records that belong to both sides of an uncoupled pair, without a log row (E-125). A record
 * that belongs to the pair on one side only keeps its coupling. Safe to repeat.
 */
export async function removeDependentCouplings(scope: RunScope, removed: readonly Coupling[]): Promise<void> {
  for (const dependent of scope.mapping.dependentCouplings ?? []) {
    const mapping = scope.allMappings.find(({ name }) => name === dependent.mapping);
    if (mapping)
      await removeCouplings(scope.ports, mapping.name, await belonging(scope, mapping, dependent, removed));
  }
}

async function belonging(
  { ports }: RunScope,
  mapping: TableMapping,
  { attribute, businessCentralKey }: DependentCouplings,
  removed: readonly Coupling[],
): Promise<readonly Coupling[]> {
  const ownerOf = new Map(
    removed.map(({ dataverseId, businessCentralId }) => [dataverseId as string, businessCentralId]),
  );
  const select = await fittedSelections(ports, mapping);
  const rows = await ports.dataverse.readByValues(select.dataverse, attribute, [...ownerOf.keys()]);
  if (rows.length === 0) return [];
  const { coupledCount } = (await ports.mappings.get(mapping.name)).state;
  const ids = rows.map(({ id }) => id);
  const couplings = await ports.couplings.byDataverseIds(mapping.name, ids, coupledCount);
  const records = await ports.businessCentral.readByIds(
    select.businessCentral,
    couplings.map(({ businessCentralId }) => businessCentralId),
  );
  const parents = new Map(rows.map((row) => [row.id, canonicalText(row.values[attribute]).toLowerCase()]));
  const companies = new Map(
    records.map((record) => [record.id, canonicalText(record.values[businessCentralKey]).toLowerCase()]),
  );
  return couplings.filter(({ dataverseId, businessCentralId }) => {
    const owner = ownerOf.get(parents.get(dataverseId) ?? '');
    return owner !== undefined && owner === companies.get(businessCentralId);
  });
}
