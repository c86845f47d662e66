/** After follow-ups: couplings of other mappings learn what this run wrote into their records (E-46). */
import { businessCentralId, dataverseId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { fieldsWritten, renewedBase, type SecondaryWrite } from '../../domain/sync/renewBase.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { valuesBefore, type Written } from './followUpWrites.ts';
import { releaseLease, takeLease } from './lease.ts';
import type { RunScope } from './runScope.ts';

/**
 * Renews bases under the lease of the mapping they belong to. When another run holds it, that run or the next sees an
 * ordinary change instead: nothing is lost. Safe to repeat.
 */
export async function renewBases(scope: RunScope, written: readonly Written[]): Promise<void> {
  const writes = written.map(secondaryWrite);
  if (writes.length === 0) return;
  for (const mapping of scope.allMappings.filter(({ kind }) => kind === 'table')) {
    const touching = writes.filter((write) => fieldsWritten(mapping, write).length > 0);
    if (touching.length > 0) await renewMapping(scope, mapping, touching);
  }
}

function secondaryWrite({ write, stored }: Written): SecondaryWrite {
  const names = Object.keys(write.values);
  const after = Object.fromEntries(names.map((name) => [name, stored.values[name] ?? null]));
  const side = write.kind === 'updateRecord' ? 'businessCentral' : 'dataverse';
  const source = write.kind === 'updateRecord' ? write.entitySet : write.table;
  return { side, source, id: stored.id, before: valuesBefore(write), after };
}

async function renewMapping(
  scope: RunScope,
  mapping: TableMapping,
  writes: readonly SecondaryWrite[],
): Promise<void> {
  const { ports, request, digest } = scope;
  const isOwnMapping = mapping.name === scope.mapping.name;
  const held = isOwnMapping ? null : await takeLease(ports, mapping.name, request.runId);
  if (!isOwnMapping && !held) return;
  try {
    const couplings = await couplingsOf(scope, mapping, writes, (held?.state ?? scope.state).coupledCount);
    const renewed = couplings.flatMap((coupling): readonly CouplingWrite[] => {
      const base = writes
        .filter(isAbout(coupling))
        .reduce<Coupling['base']>(
          (known, write) => known && (renewedBase(mapping, digest, known, write) ?? known),
          coupling.base,
        );
      return base === coupling.base ? [] : [{ kind: 'replace', coupling: { ...coupling, base } }];
    });
    if (renewed.length > 0) await ports.couplings.save(mapping.name, renewed);
  } finally {
    if (held) await releaseLease(ports, held, held.state);
  }
}

function isAbout(coupling: Coupling): (write: SecondaryWrite) => boolean {
  return ({ side, id }) => id === (side === 'dataverse' ? coupling.dataverseId : coupling.businessCentralId);
}

async function couplingsOf(
  { ports }: RunScope,
  { name }: TableMapping,
  writes: readonly SecondaryWrite[],
  coupledCount: number,
): Promise<readonly Coupling[]> {
  const idsOf = (side: SecondaryWrite['side']) =>
    writes.filter((write) => write.side === side).map(({ id }) => id);
  const ours = idsOf('businessCentral').map(businessCentralId);
  const theirs = idsOf('dataverse').map(dataverseId);
  const found = [
    ...(ours.length > 0 ? await ports.couplings.byBusinessCentralIds(name, ours, coupledCount) : []),
    ...(theirs.length > 0 ? await ports.couplings.byDataverseIds(name, theirs, coupledCount) : []),
  ];
  return [...new Map(found.map((coupling) => [coupling.businessCentralId, coupling])).values()];
}
