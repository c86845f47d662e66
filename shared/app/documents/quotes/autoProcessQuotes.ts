/** AUTO PROCESS SALES QUOTES: active and won quotes of Sales become quotes and orders in Business Central (D-107 to D-120). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { MappingState } from '../../../ports/mappingStore.ts';
import {
  type CodeJob,
  type CodeJobResult,
  type CodeJobScope,
  finishCodeJobRow,
  openCodeJobRow,
} from '../../jobs/codeJob.ts';
import { closeStrayErrors } from '../../run/strayErrors.ts';
import { holdOrders } from '../orders/holdOrders.ts';
import { QuoteRun, readQuotesBefore } from './quoteRun.ts';
import { openQuoteScope } from './quoteScope.ts';
import { QuoteWriter } from './writeQuotes.ts';

/** The job. `busy` when orders are being synchronised or made, because won quotes make orders. */
export async function autoProcessQuotes(job: CodeJobScope): Promise<CodeJobResult> {
  const result = await holdOrders(job, async (renew) => {
    const { result: done, ordersCreated } = await process(job, renew);
    return { result: done, coupled: ordersCreated };
  });
  return result ?? { status: 'busy' };
}

/**
 * Named quotes alone, as a user asks for them (D-107, D-156): whatever failed before is tried again, and what the job itself
 * has read stays as it is.
 */
export function processNamedQuotes(ids: readonly DataverseId[]): CodeJob {
  return async (job) => {
    const result = await holdOrders(job, async (renew) => {
      const { row, writer, run } = await openRun(job, renew, true);
      await run.workOn(ids);
      const syncJob = await finishCodeJobRow(job, row, writer.counts);
      const coupledCount = job.lease.state.coupledCount + writer.counts.inserted;
      const done: CodeJobResult = { status: 'done', syncJobs: [syncJob], state: { coupledCount } };
      return { result: done, coupled: writer.ordersCreated };
    });
    return result ?? { status: 'busy' };
  };
}

/** Opens the row of the log, and what the run works with. */
async function openRun(job: CodeJobScope, renew: () => Promise<void>, isAsked = false) {
  const { lease, sliceEnd } = job;
  const row = await openCodeJobRow(job, 'toBusinessCentral');
  const scope = await openQuoteScope(job, lease.state, { renew, mayWrite: true, isAsked });
  const before = await readQuotesBefore(scope);
  const writer = new QuoteWriter({ ...scope, syncJobId: row.id }, before.retries, sliceEnd);
  return { row, writer, run: new QuoteRun(scope, writer, before) };
}

async function process(job: CodeJobScope, renew: () => Promise<void>) {
  const { ports, lease } = job;
  // A run that raised leaves no trace in the job's state, so every run looks; usually there is nothing.
  await closeStrayErrors(ports, { ...lease.state, mayHaveLeftovers: true });
  const { row, writer, run } = await openRun(job, renew);
  const { position, isPaused } = await run.workThrough(lease.state.dataversePosition);
  const syncJob = await finishCodeJobRow(job, row, writer.counts);
  const state: Partial<MappingState> = {
    dataversePosition: position,
    dataversePositionAt: row.startedAt,
    coupledCount: lease.state.coupledCount + writer.counts.inserted,
  };
  const result: CodeJobResult = isPaused
    ? { status: 'paused', state }
    : { status: 'done', syncJobs: [syncJob], state: { ...state, mayHaveLeftovers: false } };
  return { result, ordersCreated: writer.ordersCreated };
}
