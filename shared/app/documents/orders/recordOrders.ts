/** Writes what became of orders: one error row per failed order, closed by itself when the order succeeds (D-37, D-71). */
import type { SyncErrorId, SyncJobId } from '../../../domain/common/ids.ts';
import {
  isToldAlready,
  type OrderFailure,
  orderError,
  orderRetry,
} from '../../../domain/documents/orderFailures.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import { addCounters, type Counters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { type OrderEnd, orderMappingName } from './orderScope.ts';

/** Entries of the retry list by order. */
export type OrderRetries = ReadonlyMap<string, RetryRecord>;

/** The retry list of orders. */
export async function readOrderRetries({ retries }: SyncPorts): Promise<OrderRetries> {
  const entries = await retries.list(orderMappingName);
  const ours = entries.filter(({ side }) => side === 'dataverse');
  return new Map(ours.map((entry) => [entry.id as string, entry]));
}

/** Writes errors before the entries that name them; returns what the ends count. Safe to repeat. */
export async function recordOrders(
  ports: SyncPorts,
  syncJobId: SyncJobId,
  ends: readonly OrderEnd[],
  retries: OrderRetries,
): Promise<Counters> {
  const failed = ends.flatMap((end) => failureOf(ports, syncJobId, end) ?? []);
  const news = failed.filter(({ header, problem }) => !isToldAlready(retries.get(header.id), problem));
  await saveFailures(ports, news, retries);
  const over = ends.filter(({ status }) => status !== 'failed' && status !== 'waiting');
  await closeErrors(
    ports,
    over.flatMap(({ id }) => retries.get(id) ?? []),
  );
  const count = (status: OrderEnd['status']) => ends.filter((end) => end.status === status).length;
  const told = failed.length - news.length;
  return addCounters(zeroCounters, {
    inserted: count('created'),
    unchanged: count('alreadyCoupled') + count('alreadyInvoiced'),
    failed: news.length,
    skipped: count('waiting') + told,
  });
}

function failureOf(ports: SyncPorts, syncJobId: SyncJobId, end: OrderEnd): OrderFailure | null {
  if (end.status !== 'failed' || end.header === null) return null;
  const at = ports.clock.now();
  const errorId = ports.ids.syncErrorId(at);
  return { mapping: orderMappingName, header: end.header, problem: end.problem, at, errorId, syncJobId };
}

async function saveFailures(
  { logs, retries, clock }: SyncPorts,
  failures: readonly OrderFailure[],
  known: OrderRetries,
): Promise<void> {
  if (failures.length === 0) return;
  await logs.saveErrors(failures.map(orderError));
  await retries.save(failures.map((failure) => orderRetry(failure, known.get(failure.header.id))));
  const replaced = failures.flatMap(({ header }): readonly SyncErrorId[] => {
    const entry = known.get(header.id);
    return entry ? [entry.errorId] : [];
  });
  if (replaced.length > 0) await logs.resolveErrors(orderMappingName, replaced, clock.now());
}

/** Orders that succeeded, or that nobody wants made any more, have no errors. Errors go before the entries that name them. */
export async function closeErrors(
  { logs, retries, clock }: SyncPorts,
  entries: readonly RetryRecord[],
): Promise<void> {
  if (entries.length === 0) return;
  await logs.resolveErrors(
    orderMappingName,
    entries.map(({ errorId }) => errorId),
    clock.now(),
  );
  await retries.remove(orderMappingName, entries);
}
