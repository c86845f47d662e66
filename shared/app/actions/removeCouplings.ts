/** Removes couplings with what hangs on them. */
import type { MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { removeStatisticsOf } from '../statistics/removeStatistics.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Removes them and closes their errors; returns how many were there. Safe to repeat. */
export async function removeCouplings(
  ports: SyncPorts,
  mapping: MappingName,
  couplings: readonly Coupling[],
): Promise<number> {
  if (couplings.length === 0) return 0;
  const writes = couplings.map(
    ({ businessCentralId, dataverseId }): CouplingWrite => ({
      kind: 'remove',
      businessCentralId,
      dataverseId,
    }),
  );
  // Errors first: a coupling that is gone no longer tells which error was its own.
  const errorIds = couplings.flatMap(({ lastError }) => lastError?.errorId ?? []);
  if (errorIds.length > 0) await ports.logs.resolveErrors(mapping, errorIds, ports.clock.now());
  const outcomes = await ports.couplings.save(mapping, writes);
  if (mapping === 'CUSTOMER') {
    await removeStatisticsOf(
      ports,
      couplings.map(({ businessCentralId }) => businessCentralId),
    );
  }
  return outcomes.filter((outcome) => outcome === 'done').length;
}
