/** Statistics and invoice states of named customers, as a user asks for them (ST-15, D-133, D-156). */
import { retriedCoupling } from '../../domain/actions/coupledDataErrors.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import { planInvoiceStates } from '../documents/planInvoiceStates.ts';
import { type CodeJob, finishCodeJobRow, openCodeJobRow, type PlanScope } from '../jobs/codeJob.ts';
import { emptyPlan, type JobPlan, joinedPlans } from '../jobs/jobPlan.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { customersMapping } from './couplingPages.ts';
import { updateInvoiceStatus } from './invoiceStatus.ts';
import { planOfPage } from './planStatisticsJob.ts';
import { bringUpToDate, type StatisticsPage } from './statisticsPage.ts';
import { openStatistics, openStatisticsRun } from './statisticsRun.ts';
import { missingStatisticsSolution } from './statisticsSolution.ts';

/**
 * Compares them with what Sales holds, whatever was written before; two rows of the log, as the job writes them (ST-25). What
 * the job remembers of other customers and invoices stays. Raises SyncFailure where the integration solution is missing.
 */
export function updateNamedCustomers(ids: readonly BusinessCentralId[]): CodeJob {
  return async (scope) => {
    await requireSolution(scope.ports);
    const row = await openCodeJobRow(scope, 'toDataverse');
    const page = await pageOf(scope.ports, ids);
    const run = await openStatisticsRun(scope, row, true);
    const counts = await bringUpToDate(run, page);
    const finished = await finishCodeJobRow(scope, row, counts, 'Customer statistics were updated.');
    const invoices = await updateInvoiceStatus(scope, await numbersOf(scope.ports, ids));
    return { status: 'done', syncJobs: invoices === null ? [finished] : [finished, invoices] };
  };
}

/** What {@link updateNamedCustomers} would do. */
export async function planNamedCustomers(
  { ports, mappings }: PlanScope,
  ids: readonly BusinessCentralId[],
): Promise<JobPlan> {
  await requireSolution(ports);
  const view = await openStatistics(ports, { checksAll: true, mayWrite: false });
  const rows = await planOfPage(view, await pageOf(ports, ids));
  return joinedPlans([rows, await planInvoiceStates(ports, mappings, await numbersOf(ports, ids))]);
}

/** What the job would do about customers that failed, once their skip is off. */
export async function planRetriedCustomers(
  { ports }: PlanScope,
  ids: readonly BusinessCentralId[],
): Promise<JobPlan> {
  if (ids.length === 0) return emptyPlan;
  await requireSolution(ports);
  const view = await openStatistics(ports, { checksAll: true, mayWrite: false });
  const page = await pageOf(ports, ids);
  return planOfPage(view, { ...page, couplings: page.couplings.map(retriedCoupling) });
}

async function requireSolution(ports: SyncPorts): Promise<void> {
  const missing = await missingStatisticsSolution(ports);
  if (missing === null) return;
  const { code, message, suggestion } = missing;
  throw new SyncFailure({ kind: 'config', code, message, suggestion });
}

async function pageOf(ports: SyncPorts, ids: readonly BusinessCentralId[]): Promise<StatisticsPage> {
  const { state } = await ports.mappings.get(customersMapping);
  const [couplings, known] = await Promise.all([
    ports.couplings.byBusinessCentralIds(customersMapping, ids, state.coupledCount),
    ports.statistics.byCustomers(ids),
  ]);
  return { couplings, remembered: new Map(known.map((each) => [each.businessCentralId, each])) };
}

async function numbersOf(
  { businessCentral }: SyncPorts,
  ids: readonly BusinessCentralId[],
): Promise<readonly string[]> {
  const selection = {
    entitySet: 'customers',
    route: 'v2.0',
    properties: ['number'],
    companions: [],
  } as const;
  const records = await businessCentral.readByIds(selection, ids);
  return records.map(({ values }) => String(values['number'] ?? ''));
}
