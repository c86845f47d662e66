/** Writes rows of statistics in bulk: create, point the account at them, real values (ST-20, ST-30). */
import type { DataverseRow, DataverseWriteValue } from '../../domain/common/records.ts';
import { statisticsLookup, statisticsTable } from '../../domain/statistics/customerStatistics.ts';
import type { StatisticsPlan } from '../../domain/statistics/statisticsRow.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { DueCustomer } from './dueCustomers.ts';
import { readAccounts } from './findRows.ts';
import { statisticsSelection } from './statisticsRun.ts';

/** One customer's writes on their way; a problem ends them. */
export interface StatisticsWork {
  readonly due: DueCustomer;
  readonly plan: StatisticsPlan;
  account: DataverseRow;
  row: DataverseRow | null;
  problem: RecordProblem | null;
}

type Values = Readonly<Record<string, DataverseWriteValue>>;
type Outcome = WriteOutcome<DataverseRow>;

/**
 * Carries out the plans; what fails is told in `problem`. A crash between two phases leaves a row that the next run finds
 * by its key and goes on with.
 */
export async function writeStatistics(ports: SyncPorts, works: readonly StatisticsWork[]): Promise<void> {
  await createRows(
    ports,
    works.filter(({ plan }) => plan.row === null),
  );
  await linkAccounts(
    ports,
    works.filter(({ plan, problem: failed }) => plan.link && failed === null),
  );
  const open = works.filter(
    ({ plan, problem: failed }) => failed === null && Object.keys(plan.values).length > 0,
  );
  await writeValues(ports, open);
}

/** A row that stands under the key already was made by a run that nobody heard of again. */
async function createRows(ports: SyncPorts, works: readonly StatisticsWork[]): Promise<void> {
  if (works.length === 0) return;
  const inserts = works.map(({ plan }) => ({ id: plan.id, values: plan.starting }));
  const outcomes = await ports.dataverse.create(statisticsSelection, inserts);
  take(works, outcomes, 'insert-failed', (work, row) => {
    work.row = row;
  });
  const standing = works.filter((_, index) => outcomes[index]?.status === 'exists');
  if (standing.length > 0) await readAgain(ports, standing);
}

async function readAgain(ports: SyncPorts, works: readonly StatisticsWork[]): Promise<void> {
  const ids = works.map(({ plan }) => plan.id);
  const rows = new Map(
    (await ports.dataverse.readByIds(statisticsSelection, ids)).map((row) => [row.id, row]),
  );
  for (const work of works) {
    work.row = rows.get(work.plan.id) ?? null;
    work.problem = work.row === null ? changedProblem(work) : null;
  }
}

/** Somebody may change the account meanwhile: it is read once more, since only the lookup is ours. */
async function linkAccounts(ports: SyncPorts, works: readonly StatisticsWork[]): Promise<void> {
  const send = async (some: readonly StatisticsWork[]) => {
    const selection: DataverseSelection = { table: 'account', attributes: [statisticsLookup] };
    const updates = some.map(({ account, plan }) => ({
      id: account.id,
      etag: account.etag,
      values: { [statisticsLookup]: { table: statisticsTable, id: plan.id } },
    }));
    const outcomes = await ports.dataverse.update(selection, updates);
    take(some, outcomes, 'modify-failed', (work, row) => {
      work.account = row;
    });
    return some.filter((_, index) => outcomes[index]?.status === 'stale');
  };
  const stale = works.length === 0 ? [] : await send(works);
  if (stale.length === 0) return;
  const accounts = await readAccounts(
    ports,
    stale.map(({ account }) => account.id),
  );
  for (const work of stale) {
    work.account = accounts.get(work.account.id) ?? work.account;
    work.problem = accounts.has(work.account.id) ? null : accountProblem(work.due);
  }
  const again = stale.filter(({ problem: failed }) => failed === null);
  if (again.length > 0) await send(again);
}

async function writeValues(ports: SyncPorts, works: readonly StatisticsWork[]): Promise<void> {
  const send = async (some: readonly StatisticsWork[]) => {
    const updates = some.flatMap(({ row, plan }) =>
      row === null ? [] : [{ id: row.id, etag: row.etag, values: plan.values as Values }],
    );
    const outcomes = await ports.dataverse.update(statisticsSelection, updates);
    take(some, outcomes, 'modify-failed', (work, row) => {
      work.row = row;
    });
    return some.filter((_, index) => outcomes[index]?.status === 'stale');
  };
  const stale = works.length === 0 ? [] : await send(works);
  if (stale.length === 0) return;
  await readAgain(ports, stale);
  const again = stale.filter(({ row, problem: failed }) => row !== null && failed === null);
  if (again.length > 0) await send(again);
}

function take(
  works: readonly StatisticsWork[],
  outcomes: readonly Outcome[],
  code: 'insert-failed' | 'modify-failed',
  done: (work: StatisticsWork, row: DataverseRow) => void,
): void {
  for (const [index, work] of works.entries()) {
    const outcome = outcomes[index];
    work.problem = outcome === undefined ? changedProblem(work) : problemOf(work, outcome, code);
    if (outcome?.status === 'done') done(work, outcome.record);
  }
}

function problemOf(
  work: StatisticsWork,
  outcome: Outcome,
  code: 'insert-failed' | 'modify-failed',
): RecordProblem | null {
  switch (outcome.status) {
    case 'done':
      return null;
    case 'refused': {
      const message = `The statistics of "${work.due.coupling.businessCentralName}" are refused: ${outcome.problem.message}`;
      return problem(code, {
        message,
        kind: outcome.problem.kind,
        parameters: [outcome.problem.serviceCode],
      });
    }
    case 'unknown':
      return problem('outcome-unknown', { message: outcome.message });
    case 'missing':
      return code === 'modify-failed' && work.plan.link ? accountProblem(work.due) : changedProblem(work);
    default:
      return changedProblem(work);
  }
}

function changedProblem({ due }: StatisticsWork): RecordProblem {
  const message = `The statistics of "${due.coupling.businessCentralName}" changed while they were being written.`;
  return problem('record-changed', { message });
}

/** The account of the coupling does not exist (ST-24). */
export function accountProblem({ coupling }: Pick<DueCustomer, 'coupling'>): RecordProblem {
  const message = `The account coupled to "${coupling.businessCentralName}" no longer exists in Sales.`;
  return problem('STAT_ACCOUNT_NOT_FOUND', { message });
}

/** The customer of the coupling does not exist (ST-24). */
export function customerProblem({ coupling }: Pick<DueCustomer, 'coupling'>): RecordProblem {
  const message = `The customer coupled to "${coupling.dataverseName}" no longer exists in Business Central.`;
  return problem('STAT_CUSTOMER_NOT_FOUND', { message });
}
