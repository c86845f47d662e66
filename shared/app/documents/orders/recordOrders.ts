/** Errors and the retry list of orders. */
import type { SyncJobId } from '../../../domain/common/ids.ts';
import { unreleasedFailure } from '../../../domain/documents/unreleasedOrders.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import { addCounters, type Counters } from '../../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import {
  closeDocumentErrors,
  type DocumentRetries,
  readDocumentRetries,
  recordDocuments,
} from '../recordDocuments.ts';
import { type OrderEnd, orderMappingName } from './orderScope.ts';

/** Entries of the retry list by order. */
export type OrderRetries = DocumentRetries;

/** The retry list of orders. */
export function readOrderRetries(ports: SyncPorts): Promise<OrderRetries> {
  return readDocumentRetries(ports, orderMappingName);
}

/**
 * See {@link recordDocuments}. An order that was made and could not be released counts as failed; its error closes when a run
 * of its mapping releases it, or finds it released (D-91).
 */
export async function recordOrders(
  ports: SyncPorts,
  syncJobId: SyncJobId,
  ends: readonly OrderEnd[],
  retries: OrderRetries,
): Promise<Counters> {
  const record = { type: 'order', mapping: orderMappingName, syncJobId } as const;
  const counts = await recordDocuments(ports, record, ends, retries);
  const unreleased = await recordUnreleased(ports, syncJobId, ends);
  return addCounters(counts, { inserted: -unreleased, failed: unreleased });
}

/** How many orders were made and coupled. */
export function madeOrders(ends: readonly OrderEnd[]): number {
  return ends.filter(({ status }) => status === 'created').length;
}

/** Errors before the couplings that name them; returns how many there are. */
async function recordUnreleased(
  { couplings, logs, clock, ids }: SyncPorts,
  syncJobId: SyncJobId,
  ends: readonly OrderEnd[],
): Promise<number> {
  const occurredAt = clock.now();
  const failures = ends.flatMap((end) => {
    if (end.status !== 'created' || end.lacking === undefined) return [];
    const { coupling, problem } = end.lacking;
    const errorId = ids.syncErrorId(occurredAt);
    return [unreleasedFailure(coupling, problem, { errorId, syncJobId, occurredAt })];
  });
  if (failures.length === 0) return 0;
  await logs.saveErrors(failures.map(({ error }) => error));
  await couplings.save(
    orderMappingName,
    failures.map(({ coupling }) => ({ kind: 'replace', coupling })),
  );
  return failures.length;
}

/** See {@link closeDocumentErrors}. */
export function closeErrors(ports: SyncPorts, entries: readonly RetryRecord[]): Promise<void> {
  return closeDocumentErrors(ports, orderMappingName, entries);
}
