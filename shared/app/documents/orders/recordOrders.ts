/** Errors and the retry list of orders. */
import type { SyncJobId } from '../../../domain/common/ids.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import type { Counters } from '../../../domain/logs/syncJob.ts';
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

/** See {@link recordDocuments}. */
export function recordOrders(
  ports: SyncPorts,
  syncJobId: SyncJobId,
  ends: readonly OrderEnd[],
  retries: OrderRetries,
): Promise<Counters> {
  return recordDocuments(ports, { type: 'order', mapping: orderMappingName, syncJobId }, ends, retries);
}

/** See {@link closeDocumentErrors}. */
export function closeErrors(ports: SyncPorts, entries: readonly RetryRecord[]): Promise<void> {
  return closeDocumentErrors(ports, orderMappingName, entries);
}
