/** AUTO PROCESS SALES QUOTES: active and won quotes of Sales become quotes and orders in Business Central (D-107 to D-120). */
import type { MappingState } from '../../../ports/mappingStore.ts';
import {
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

async function process(job: CodeJobScope, renew: () => Promise<void>) {
  const { ports, lease, sliceEnd } = job;
  // A run that raised leaves no trace in the job's state, so every run looks; usually there is nothing.
  await closeStrayErrors(ports, { ...lease.state, mayHaveLeftovers: true });
  const row = await openCodeJobRow(job, 'toBusinessCentral');
  const scope = await openQuoteScope(job, lease.state, { renew, mayWrite: true });
  const before = await readQuotesBefore(scope);
  const writer = new QuoteWriter({ ...scope, syncJobId: row.id }, before.retries, sliceEnd);
  const run = new QuoteRun(scope, writer, before);
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
