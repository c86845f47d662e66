/** The dry run of payment states of invoices (D-132 to D-134). */
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { emptyPlan, type JobPlan } from '../jobs/jobPlan.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { invoiceStatesBookmark, lookAtCustomers, lookThrough } from './invoiceStates.ts';
import { type InvoiceWork, invoices } from './movedInvoices.ts';

/** What the job would do about states of invoices now, of these customers or of all (null); nothing where the mapping cannot run. */
export async function planInvoiceStates(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  customerNumbers: readonly string[] | null = null,
): Promise<JobPlan> {
  const mapping = mappings.find(({ name, enabled }) => name === invoices && enabled);
  if (!mapping) return emptyPlan;
  const { state } = await ports.mappings.get(invoiceStatesBookmark);
  const digest = ports.digestWith(await ports.mappings.digestKey());
  const run = { runId: ports.ids.runId(ports.clock.now()), trigger: 'manual' } as const;
  const work: InvoiceWork = {
    ...{ ports, mappings, mapping, run, digest, isBusy: false, isDryRun: true },
    counts: zeroCounters,
    planned: [],
    worked: new Set(),
  };
  if (customerNumbers !== null) await lookAtCustomers(work, customerNumbers);
  else await lookThrough(work, state, async () => {});
  return { actions: work.planned, counts: work.counts };
}
