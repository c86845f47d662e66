/** Errors of items whose quantity could not be sent; each item has one open error at most. */
import type { SyncErrorId } from '../../domain/common/ids.ts';
import type { SyncError, SyncJob } from '../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { FailedItem, SentQuantities } from './sendQuantities.ts';

/** Open errors by item. */
export type OpenErrors = Map<string, SyncErrorId>;

/** Reads them; nothing is read when the last run left none. */
export async function openErrorsOf(
  { logs }: SyncPorts,
  mapping: SyncJob['mapping'],
  mayStand: boolean,
): Promise<OpenErrors> {
  const open: OpenErrors = new Map();
  for (let continuation: string | null = null, more = mayStand; more; more = continuation !== null) {
    const page = await logs.listErrors({ mapping, open: true }, { top: 1000, continuation });
    for (const { id, businessCentralId } of page.rows) {
      if (businessCentralId !== null) open.set(businessCentralId, id);
    }
    continuation = page.continuation;
  }
  return open;
}

/** Writes the errors of a page and closes those that are cured. Safe to repeat. */
export async function recordItemErrors(
  ports: SyncPorts,
  syncJob: SyncJob,
  open: OpenErrors,
  { failed, settled }: Pick<SentQuantities, 'failed' | 'settled'>,
): Promise<void> {
  const errors = failed.map((each) => errorOf(ports, syncJob, open, each));
  if (errors.length > 0) await ports.logs.saveErrors(errors);
  for (const { businessCentralId, id } of errors) if (businessCentralId) open.set(businessCentralId, id);
  const cured = settled.flatMap(({ businessCentralId }) => {
    const id = open.get(businessCentralId);
    open.delete(businessCentralId);
    return id ?? [];
  });
  if (cured.length > 0) await ports.logs.resolveErrors(syncJob.mapping, cured, ports.clock.now());
}

function errorOf(
  { clock, ids }: SyncPorts,
  syncJob: SyncJob,
  open: OpenErrors,
  { coupling, problem }: FailedItem,
): SyncError {
  const occurredAt = clock.now();
  const { code, kind, message, field, suggestion } = problem;
  return {
    ...{ code, kind, message, field, suggestion, occurredAt },
    id: open.get(coupling.businessCentralId) ?? ids.syncErrorId(occurredAt),
    syncJobId: syncJob.id,
    mapping: syncJob.mapping,
    direction: 'toDataverse',
    businessCentralId: coupling.businessCentralId,
    dataverseId: coupling.dataverseId,
    name: coupling.businessCentralName,
    resolvedAt: null,
  };
}
