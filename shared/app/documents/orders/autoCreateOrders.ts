/** AUTO CREATE SALES ORDERS: every submitted order that was never taken becomes an order in Business Central (D-36, D-37). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { CreateIntent } from '../../../domain/couplings/coupling.ts';
import { waitsForUser } from '../../../domain/documents/documentFailures.ts';
import { waitingOrdersFilter } from '../../../domain/documents/orderStages.ts';
import { addCounters, type SyncJob, zeroCounters } from '../../../domain/logs/syncJob.ts';
import {
  type CodeJobResult,
  type CodeJobScope,
  finishCodeJobRow,
  openCodeJobRow,
} from '../../jobs/codeJob.ts';
import { createOrders } from './createOrders.ts';
import { holdOrders } from './holdOrders.ts';
import { type OrderScope, openOrderScope, orderMappingName } from './orderScope.ts';
import {
  closeErrors,
  madeOrders,
  type OrderRetries,
  readOrderRetries,
  recordOrders,
} from './recordOrders.ts';

/** Orders worked on together; the memory of a run does not depend on how many wait. */
const ordersPerPage = 100;

/** The job. `busy` when orders are being synchronised or made by an action: couplings of orders have one writer. */
export async function autoCreateOrders(job: CodeJobScope): Promise<CodeJobResult> {
  const worked = await holdOrders(job, async (renew) => {
    const scope = await openOrderScope(job.ports, job.mappings, { renew, mayWrite: true });
    const result = await workThrough(job, scope);
    return { result, coupled: result.coupled };
  });
  if (worked === null) return { status: 'busy' };
  return worked.isPaused ? { status: 'paused' } : { status: 'done', syncJobs: [worked.syncJob] };
}

interface Worked {
  readonly syncJob: SyncJob;
  readonly isPaused: boolean;
  readonly coupled: number;
}

async function workThrough(job: CodeJobScope, scope: OrderScope): Promise<Worked> {
  const { ports, sliceEnd } = job;
  const row = await openCodeJobRow(job, 'toBusinessCentral', orderMappingName);
  const { ids, intents, retries } = await ordersToWorkOn(scope);
  await closeObsolete(scope, retries, new Set<string>(ids));
  let counts = zeroCounters;
  let isPaused = false;
  let coupled = 0;
  for (let from = 0; from < ids.length && !isPaused; from += ordersPerPage) {
    const page = ids.slice(from, from + ordersPerPage);
    const waits: Parameters<typeof createOrders>[2]['waits'] = (header) =>
      waitsForUser(retries.get(header.id), header);
    const ends = await createOrders(scope, page, { intents, waits });
    coupled += madeOrders(ends);
    counts = addCounters(counts, await recordOrders(ports, row.id, ends, retries));
    isPaused = from + ordersPerPage < ids.length && ports.clock.now() >= sliceEnd;
  }
  return { syncJob: await finishCodeJobRow(job, row, counts), isPaused, coupled };
}

/** Orders that are on their way or wait, and what is known of them; nothing is written. */
export async function ordersToWorkOn(scope: OrderScope): Promise<{
  readonly ids: readonly DataverseId[];
  readonly intents: readonly CreateIntent[];
  readonly retries: OrderRetries;
}> {
  const { ports } = scope;
  const [retries, all] = await Promise.all([
    readOrderRetries(ports),
    ports.couplings.intents(orderMappingName),
  ]);
  const intents = all.filter(({ document }) => document !== undefined);
  const begun = intents.map(({ dataverseId }) => dataverseId);
  return { ids: [...new Set([...begun, ...(await waitingOrders(scope))])], intents, retries };
}

/** Which orders wait, by id only: the orders themselves are read page by page. */
async function waitingOrders({ ports, company }: OrderScope): Promise<readonly DataverseId[]> {
  const { company: id } = await company.stamp();
  const selection = { table: 'salesorder', attributes: ['lastbackofficesubmit'] };
  const rows = await ports.dataverse.readRows(selection, waitingOrdersFilter(id));
  return rows.map((row) => row.id);
}

/** Orders that were reopened, canceled, deleted or coupled meanwhile wait for nothing any more. */
async function closeObsolete(
  { ports }: OrderScope,
  retries: OrderRetries,
  wanted: ReadonlySet<string>,
): Promise<void> {
  await closeErrors(
    ports,
    [...retries.values()].filter(({ id }) => !wanted.has(id)),
  );
}
