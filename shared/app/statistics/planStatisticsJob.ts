/** The dry run of CUSTOMER STATISTICS: rows with every column before and after, then states of invoices (ST-20, ST-22, D-132). */
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { statisticsLookup, statisticsSources } from '../../domain/statistics/customerStatistics.ts';
import type { WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import { columnChanges, nothingSettled, shownWrite } from '../../domain/sync/plannedRow.ts';
import type { FieldChange, PlannedAction } from '../../domain/sync/planTypes.ts';
import { planInvoiceStates } from '../documents/planInvoiceStates.ts';
import type { CodeJobPlan, PlanScope } from '../jobs/codeJob.ts';
import { emptyPlan, type JobPlan, joinedPlans } from '../jobs/jobPlan.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type CustomersPage, firstPage, type PagePosition, readPage } from './couplingPages.ts';
import { isCheckDue } from './customerStatistics.ts';
import type { FailedCustomer } from './failedCustomers.ts';
import { readRows } from './removeStatistics.ts';
import { planPage, type StatisticsPage } from './statisticsPage.ts';
import { openStatistics, type StatisticsView } from './statisticsRun.ts';
import { missingStatisticsSolution, statisticsJob } from './statisticsSolution.ts';
import type { StatisticsWork } from './writeStatistics.ts';

/** What the job would do now; without the integration solution only states of invoices are left (ST-2). */
export const planStatisticsJob: CodeJobPlan = async (scope) => {
  const missing = await missingStatisticsSolution(scope.ports);
  const rows = missing ? emptyPlan : await planRows(scope);
  return joinedPlans([rows, await planInvoiceStates(scope.ports, scope.mappings)]);
};

async function planRows({ ports }: PlanScope): Promise<JobPlan> {
  const { state } = await ports.mappings.get(statisticsJob);
  const checksAll = isCheckDue(ports, state);
  let opening: Promise<StatisticsView> | null = null;
  const plans: JobPlan[] = [];
  for (let position: PagePosition | null = firstPage; position !== null; ) {
    const page: CustomersPage = await readPage(ports, position);
    if (page.couplings.length > 0) {
      opening ??= openStatistics(ports, { checksAll, mayWrite: false });
      plans.push(await planOfPage(await opening, page));
    }
    plans.push(await removals(ports, page.uncoupled));
    position = page.next;
  }
  return joinedPlans(plans);
}

/** What would be done about the customers of one page. */
export async function planOfPage(view: StatisticsView, page: StatisticsPage): Promise<JobPlan> {
  const { works, failed } = await planPage(view, page);
  const counts = works.reduce<Counters>((sum, { plan }) => addCounters(sum, { [plan.counter]: 1 }), {
    ...zeroCounters,
    failed: failed.length,
  });
  return { actions: [...works.map(plannedRow), ...failed.map(plannedFailure)], counts };
}

function headOf({ coupling, account }: Pick<FailedCustomer, 'coupling'> & Partial<StatisticsWork>) {
  return {
    mapping: statisticsJob,
    direction: 'toDataverse',
    businessCentralId: coupling.businessCentralId,
    dataverseId: coupling.dataverseId,
    name: coupling.businessCentralName,
    pair: { businessCentral: null, dataverse: account ?? null, coupling },
  } as const;
}

const kinds = { inserted: 'insert', modified: 'modify' } as const;

function plannedRow(work: StatisticsWork): PlannedAction {
  const { counter } = work.plan;
  const head = headOf({ ...work, coupling: work.due.coupling });
  if (counter === 'unchanged') return { ...head, kind: 'unchanged', ...nothingSettled };
  return { ...head, kind: kinds[counter], ...shownWrite(fieldsOf(work)) };
}

/** A new row also has its currency, which its first write brings; the account's lookup comes last. */
function fieldsOf({ plan, account }: StatisticsWork): readonly FieldChange[] {
  const { starting, values, row, link } = plan;
  const written = row === null ? { ...starting, ...values } : values;
  const lookup = link ? columnChanges({ [statisticsLookup]: plan.id }, account.values) : [];
  return [...columnChanges(written, row?.values ?? {}, statisticsSources), ...lookup];
}

function plannedFailure(failed: FailedCustomer): PlannedAction {
  return { ...headOf(failed), kind: 'fail', problem: failed.problem };
}

/** Rows of customers that are not coupled any more go (ST-26). */
async function removals(ports: SyncPorts, uncoupled: readonly WrittenStatistics[]): Promise<JobPlan> {
  const ids = uncoupled.flatMap(({ statisticsId }) => statisticsId ?? []);
  if (ids.length === 0) return emptyPlan;
  const rows = new Map((await readRows(ports, ids)).map((row) => [row.id, row]));
  const actions = uncoupled.flatMap(({ businessCentralId, statisticsId }): PlannedAction[] => {
    const row = statisticsId === null ? undefined : rows.get(statisticsId);
    if (row === undefined) return [];
    const ids = { businessCentralId, dataverseId: row.id };
    const pair = { businessCentral: null, dataverse: row, coupling: null };
    const why = { code: 'not-coupled', reason: 'The customer is not coupled any more.' };
    const head = { mapping: statisticsJob, direction: 'toDataverse', name: '', pair } as const;
    return [{ ...head, ...ids, ...why, kind: 'delete' }];
  });
  return { actions, counts: { ...zeroCounters, deleted: actions.length } };
}
