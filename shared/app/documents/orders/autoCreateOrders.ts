/** AUTO CREATE SALES ORDERS: every submitted order that was never taken becomes an order in Business Central (D-36, D-37). */
import type { DataverseId } from '../../../domain/common/ids.ts';
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
import { closeErrors, type OrderRetries, readOrderRetries, recordOrders } from './recordOrders.ts';

/** Orders worked on together; the memory of a run does not depend on how many wait. */
const ordersPerPage = 100;

/** The job. `busy` when orders are being synchronised or made by an action: couplings of orders have one writer. */
export async function autoCreateOrders(job: CodeJobScope): Promise<CodeJobResult> {
  const worked = await holdOrders(job, async (renew) => {
    const scope = await openOrderScope(job.ports, job.mappings, { renew, mayWrite: true });
    const result = await workThrough(job, scope);
    return { result, coupled: result.syncJob.counts.inserted };
  });
  if (worked === null) return { status: 'busy' };
  return worked.isPaused ? { status: 'paused' } : { status: 'done', syncJobs: [worked.syncJob] };
}

interface Worked {
  readonly syncJob: SyncJob;
  readonly isPaused: boolean;
}

async function workThrough(job: CodeJobScope, scope: OrderScope): Promise<Worked> {
  const { ports, sliceEnd } = job;
  const row = await openCodeJobRow(job, 'toBusinessCentral', orderMappingName);
  const [retries, intents] = await Promise.all([
    readOrderRetries(ports),
    ports.couplings.intents(orderMappingName),
  ]);
  const documents = intents.filter(({ document }) => document !== undefined);
  const begun = documents.map(({ dataverseId }) => dataverseId);
  const waiting = await waitingOrders(scope);
  await closeObsolete(scope, retries, new Set<string>([...begun, ...waiting]));
  const ids = [...new Set([...begun, ...waiting])];
  let counts = zeroCounters;
  let isPaused = false;
  for (let from = 0; from < ids.length && !isPaused; from += ordersPerPage) {
    const page = ids.slice(from, from + ordersPerPage);
    const waits: Parameters<typeof createOrders>[2]['waits'] = (header) =>
      waitsForUser(retries.get(header.id), header);
    const ends = await createOrders(scope, page, { intents: documents, waits });
    counts = addCounters(counts, await recordOrders(ports, row.id, ends, retries));
    isPaused = from + ordersPerPage < ids.length && ports.clock.now() >= sliceEnd;
  }
  return { syncJob: await finishCodeJobRow(job, row, counts), isPaused };
}

/** Which orders wait, by id only: the orders themselves are read page by page. */
export async function waitingOrders({ ports, company }: OrderScope): Promise<readonly DataverseId[]> {
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
