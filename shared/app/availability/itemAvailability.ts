/** The job ITEM AVAILABILITY: stock movements reach the products of Sales (ST-32 to ST-38). */
import { mappingName } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import { addCounters, type SyncJob } from '../../domain/logs/syncJob.ts';
import type { Shortcoming } from '../../domain/mappings/fitMapping.ts';
import type { FieldMapping } from '../../domain/mappings/model.ts';
import { hasMoved, quantityField } from '../../domain/statistics/itemAvailability.ts';
import { advanced, readFrom } from '../../domain/sync/watermark.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { Digest } from '../../ports/system.ts';
import type { CodeJob, CodeJobResult, CodeJobScope } from '../jobs/codeJob.ts';
import { finishSlicedRow, openOrGoOn, pauseAt } from '../jobs/codeJobCursor.ts';
import { type HeldLease, isTakenByAnother, releaseLease, renewLease, takeLease } from '../run/lease.ts';
import { type OpenErrors, openErrorsOf, recordItemErrors } from './itemErrors.ts';
import { type Movements, nextItems, readMovements } from './movedItems.ts';
import { sendQuantities } from './sendQuantities.ts';

/** Whose couplings tell which products have a quantity, and whose field it is. */
export const items = mappingName('ITEM-PRODUCT');

/** Where a run goes on: the next page, and when its first slice began to read. */
interface Position {
  readonly after: string | null;
  readonly startedAt: Instant;
  readonly failed: number;
}

interface AvailabilityRun {
  readonly scope: CodeJobScope;
  /** Of ITEM-PRODUCT: its couplings are written. */
  readonly itemLease: HeldLease;
  readonly field: FieldMapping;
  readonly digest: Digest;
  readonly movements: Movements;
  readonly openErrors: OpenErrors;
  syncJob: SyncJob;
}

/**
 * Sends the inventory of items that moved since the last run; without ledger entries in the API, of all coupled items
 * whose inventory differs from what was last sent. Works under the lease of ITEM-PRODUCT, too: while a run of that mapping
 * is on, this one waits. Safe to call again after a crash at any point.
 */
export const itemAvailability: CodeJob = async (scope) => {
  const field = quantityField(scope.mappings.find(({ name }) => name === items));
  if (field === null) return { status: 'done', syncJobs: [], shortcomings: [fieldSwitchedOff(scope)] };
  const { ports, run } = scope;
  if (await isTakenByAnother(ports, items, run.runId)) return { status: 'busy' };
  const itemLease = await takeLease(ports, items, run.runId);
  if (itemLease === null) return { status: 'busy' };
  try {
    return await workThrough(scope, itemLease, field);
  } finally {
    await releaseLease(ports, itemLease, itemLease.state);
  }
};

function fieldSwitchedOff({ run }: CodeJobScope): Shortcoming {
  const message = `${run.job} does nothing: ${items} does not bring the inventory of items to Sales.`;
  const suggestion = `Enable ${items} and its field quantityonhand, or set ITEM_AVAILABILITY to false.`;
  return {
    mapping: mappingName(run.job),
    code: 'column-missing',
    fields: ['quantityonhand'],
    message,
    suggestion,
  };
}

async function workThrough(
  scope: CodeJobScope,
  itemLease: HeldLease,
  field: FieldMapping,
): Promise<CodeJobResult> {
  const { ports, lease } = scope;
  const opened = await openOrGoOn<Position>(scope);
  let position = opened.position ?? { after: null, startedAt: ports.clock.now(), failed: 0 };
  const run: AvailabilityRun = {
    ...{ scope, itemLease, field, syncJob: opened.syncJob },
    digest: ports.digestWith(await ports.mappings.digestKey()),
    movements: await readMovements(ports, lowerBound(lease.state, itemLease.state)),
    openErrors: await openErrorsOf(ports, lease.state.mapping, lease.state.mayHaveRetries),
  };
  for (;;) {
    const { next, failed } = await workOnPage(run, position.after);
    position = { ...position, after: next, failed: position.failed + failed };
    if (next === null) break;
    if (ports.clock.now() >= scope.sliceEnd) return pauseAt(scope, run.syncJob, position);
  }
  const finished = await finishSlicedRow(scope, run.syncJob);
  return { status: 'done', syncJobs: [finished], state: stateAfter(run, position) };
}

/** Before the first run of the job, what ITEM-PRODUCT has seen counts as sent (ST-34). */
export function lowerBound(own: MappingState, ofItems: MappingState): Instant | null {
  const { businessCentralWatermark: newest, businessCentralSettledUntil: settledUntil } = own;
  return readFrom({ newest: newest ?? ofItems.businessCentralWatermark, settledUntil, readAt: null });
}

async function workOnPage(run: AvailabilityRun, after: string | null) {
  const { scope, itemLease, movements, field, digest } = run;
  const { ports } = scope;
  await renewLease(ports, scope.lease);
  await renewLease(ports, itemLease);
  const page = await nextItems(ports, itemLease.state, movements, after);
  const moved = page.pairs.filter(({ item, coupling }) => hasMoved(field, digest, coupling, item));
  const sent = await sendQuantities(ports, field, digest, moved);
  await recordItemErrors(ports, run.syncJob, run.openErrors, sent);
  run.syncJob = { ...run.syncJob, counts: addCounters(run.syncJob.counts, sent.counts) };
  return { next: page.next, failed: sent.counts.failed };
}

/** While an item failed the position stays, so that the next run meets its entries once more (P5, P7). */
function stateAfter(
  { scope, movements, openErrors }: AvailabilityRun,
  position: Position,
): Partial<MappingState> {
  const rest = { cursor: null, mayHaveRetries: openErrors.size > 0 };
  if (position.failed > 0 || movements.numbers === null) return rest;
  const {
    businessCentralWatermark: newest,
    businessCentralSettledUntil: settledUntil,
    businessCentralReadAt: readAt,
  } = scope.lease.state;
  const after = advanced({ newest, settledUntil, readAt }, movements.newest, position.startedAt);
  return {
    ...rest,
    businessCentralWatermark: after.newest,
    businessCentralSettledUntil: after.settledUntil,
    businessCentralReadAt: after.readAt,
  };
}
