/** Orders that a user asked for and that are not there yet, where no job makes orders by itself (D-70, D-71, D-156). */
import { SyncFailure } from '../../../domain/common/failures.ts';
import type { DataverseId } from '../../../domain/common/ids.ts';
import { dataverseId } from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import { activePending, isSubmitted } from '../../../domain/documents/orderStages.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import type { QueuedRun } from '../../../ports/queue.ts';
import { requestAction } from '../../actions/requestAction.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { readHeaders } from '../documentRows.ts';
import { orderMappingName } from './orderScope.ts';
import { closeErrors, readOrderRetries } from './recordOrders.ts';

/** Orders that one action takes; the others have their turn at the next run. */
const ordersPerAction = 100;
/** Who asks, as the log of actions shows it. */
const requestedBy = 'SALESORDER-ORDER';

/**
 * Asks once more, after a run of their mapping, for orders that were begun or failed; errors of orders that nobody wants made
 * any more are closed. What Business Central refused waits for a user. Safe to repeat: an order that is there is left alone.
 */
export async function continueOrders(ports: SyncPorts, { job }: QueuedRun): Promise<void> {
  if (job !== orderMappingName || !isLeftToUsers(ports)) return;
  const { state } = await ports.mappings.get(orderMappingName);
  if (!state.mayHaveRetries && !state.mayHaveLeftovers) return;
  const ids = await unfinished(ports);
  if (ids.length === 0) return;
  const task = { kind: 'createOrders', dataverseIds: ids.slice(0, ordersPerAction) } as const;
  try {
    await requestAction(ports, orderMappingName, task, requestedBy);
  } catch (error) {
    // Somebody disabled the connection meanwhile; a later run asks.
    if (!(error instanceof SyncFailure) || error.code !== 'integration-disabled') throw error;
  }
}

function isLeftToUsers({ policy }: SyncPorts): boolean {
  const { orderIntegration, autoCreateOrders } = policy.documents;
  return orderIntegration === 'bidirectional' || (orderIntegration === 'oneWay' && !autoCreateOrders);
}

async function unfinished(ports: SyncPorts): Promise<readonly DataverseId[]> {
  const [retries, intents] = await Promise.all([
    readOrderRetries(ports),
    ports.couplings.intents(orderMappingName),
  ]);
  const begun = intents.filter(({ document }) => document !== undefined).map((intent) => intent.dataverseId);
  const waiting = [...retries.values()].filter((entry) => !begun.includes(dataverseId(entry.id)));
  if (waiting.length === 0) return begun;
  const rows = await readHeaders(
    ports,
    'order',
    waiting.map(({ id }) => dataverseId(id)),
  );
  const byId = new Map<string, DataverseRow>(rows.map((row) => [row.id, row]));
  await closeErrors(
    ports,
    waiting.filter((entry) => !isWanted(entry, byId.get(entry.id))),
  );
  const again = waiting.filter((entry) => isDue(entry, byId.get(entry.id)));
  return [...begun, ...again.map(({ id }) => dataverseId(id))];
}

/** One that was taken back, canceled or deleted in Sales is not; one that was asked for too early is waited for. */
function isWanted({ code }: RetryRecord, row: DataverseRow | undefined): boolean {
  if (row === undefined) return false;
  const isActive = row.values['statecode'] === activePending.statecode;
  return isSubmitted(row) || (isActive && code === 'ORDER_NOT_SUBMITTED');
}

function isDue(entry: RetryRecord, row: DataverseRow | undefined): boolean {
  if (row === undefined || !isSubmitted(row)) return false;
  const isRefused = entry.skipped && entry.code === 'insert-failed';
  return !isRefused || row.modifiedAt > entry.modifiedAt;
}
