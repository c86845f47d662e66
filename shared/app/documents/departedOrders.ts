/** Orders that were posted, and uncoupled, before SALES ORDER STATUS could tell of it on their walls (D-76, D-79). */
import { mappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { AppliedAction } from '../run/applyActions.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { couplingPages } from './couplingsByNumber.ts';

/** The job; what it still has to tell of is kept under its name. */
export const orderStatusJob = mappingName('SALES ORDER STATUS');

/**
 * Keeps the couplings that are about to be removed because their orders were posted, until the job has told of them. Not
 * where the job never runs. Call it before they are removed; safe to repeat.
 */
export async function rememberDeparted(ports: SyncPorts, ends: readonly AppliedAction[]): Promise<void> {
  if (ports.policy.disabledJobs.includes(orderStatusJob)) return;
  const writes = ends.flatMap((end): readonly CouplingWrite[] => {
    if (end.status !== 'uncoupled' || !('code' in end.action) || end.action.code !== 'order-posted')
      return [];
    return [{ kind: 'create', coupling: keptOf(end.coupling) }];
  });
  if (writes.length > 0) await ports.couplings.save(orderStatusJob, writes);
}

/** Who belonged to whom, and nothing of what was synchronised. */
function keptOf({ businessCentralId, dataverseId, businessCentralName, dataverseName }: Coupling): Coupling {
  return {
    ...{ mapping: orderStatusJob, businessCentralId, dataverseId, businessCentralName, dataverseName },
    ...{ state: 'synchronized', base: null, lastSyncedAt: null },
    ...{ toDataverse: null, toBusinessCentral: null, lastError: null },
  };
}

/** Those that nobody was told of yet, page by page; usually none, in one request. */
export function departedOrders(ports: SyncPorts): AsyncGenerator<readonly Coupling[]> {
  return couplingPages(ports, orderStatusJob);
}

/** Once it was told of them, or where nothing can be told. Safe to repeat. */
export async function forgetDeparted({ couplings }: SyncPorts, departed: readonly Coupling[]): Promise<void> {
  if (departed.length === 0) return;
  await couplings.save(
    orderStatusJob,
    departed.map(({ businessCentralId, dataverseId }) => ({
      kind: 'remove',
      businessCentralId,
      dataverseId,
    })),
  );
}
