/** One page of coupled customers: what is due is found, written and remembered. */
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { planStatistics, type WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import { guardMassChange } from '../../domain/sync/massChange.ts';
import { type DueCustomer, keysOf, sortCustomers } from './dueCustomers.ts';
import { type FailedCustomer, recordFailures } from './failedCustomers.ts';
import { readFigures } from './figures.ts';
import { findStatistics } from './findRows.ts';
import type { StatisticsRun, StatisticsView } from './statisticsRun.ts';
import { statisticsJob } from './statisticsSolution.ts';
import { accountProblem, customerProblem, type StatisticsWork, writeStatistics } from './writeStatistics.ts';

/** The couplings of a page, and what is remembered of these customers. */
export interface StatisticsPage {
  readonly couplings: readonly Coupling[];
  readonly remembered: ReadonlyMap<BusinessCentralId, WrittenStatistics>;
}

/**
 * Brings the page's statistics up to date; skipped couplings are left alone (ST-17). Raises SyncFailure when the page as a
 * whole cannot be read. Safe to repeat.
 */
export async function bringUpToDate(run: StatisticsRun, page: StatisticsPage): Promise<Counters> {
  const { works, failed } = await planPage(run, page);
  await writeStatistics(run.ports, works);
  const broken = works.flatMap(({ due: customer, problem }) =>
    problem === null ? [] : [{ coupling: customer.coupling, problem, written: customer.written }],
  );
  const failures = [...failed, ...broken];
  await recordFailures(run, failures);
  const done = works.filter(({ problem }) => problem === null);
  await remember(run, done, page.remembered);
  return done.reduce((sum, { plan }) => addCounters(sum, { [plan.counter]: 1 }), {
    ...zeroCounters,
    failed: failures.length,
  });
}

/** What a page asks for: rows to be looked after, and customers that fail before anything is written. */
export interface PlannedStatistics {
  readonly works: readonly StatisticsWork[];
  readonly failed: readonly FailedCustomer[];
}

/**
 * Reads what the page's customers need, and decides; writes nothing. Raises SyncFailure when the page as a whole cannot be
 * read, and `mass-change-guard`.
 */
export async function planPage(view: StatisticsView, page: StatisticsPage): Promise<PlannedStatistics> {
  const { ports } = view;
  const couplings = page.couplings.filter(({ state }) => state !== 'skipped');
  const ids = couplings.map(({ businessCentralId }) => businessCentralId);
  if (ids.length === 0) return { works: [], failed: [] };
  const figures = await readFigures(ports, view.sources, ids);
  const { due, gone } = sortCustomers(view, couplings, figures, page.remembered);
  guardMassChange({ ...ports.policy, mapping: statisticsJob, lost: gone.length, coupled: couplings.length });
  const { works, failed } = await planAll(view, due);
  const goneCustomers = gone.map((coupling): FailedCustomer => {
    const written = page.remembered.get(coupling.businessCentralId) ?? null;
    return { coupling, problem: customerProblem({ coupling }), written };
  });
  return { works, failed: [...failed, ...goneCustomers] };
}

async function planAll(run: StatisticsView, due: readonly DueCustomer[]): Promise<PlannedStatistics> {
  const found = await findStatistics(run, due);
  const works: StatisticsWork[] = [];
  const failed: FailedCustomer[] = [];
  for (const customer of due) {
    const present = found.get(customer);
    const { coupling, values, written } = customer;
    if (!present) failed.push({ coupling, problem: accountProblem(customer), written });
    else {
      const plan = planStatistics(values, run.currencyId, present, written, keysOf(run, coupling));
      works.push({ due: customer, plan, account: present.account, row: plan.row, problem: null });
    }
  }
  return { works, failed };
}

/** Only now, when everything is written: what was cut off before is due again. */
async function remember(
  { ports }: StatisticsRun,
  done: readonly StatisticsWork[],
  remembered: StatisticsPage['remembered'],
): Promise<void> {
  const cured = done.flatMap(({ due }) => remembered.get(due.coupling.businessCentralId)?.errorId ?? []);
  if (cured.length > 0) await ports.logs.resolveErrors(statisticsJob, cured, ports.clock.now());
  const written = done.map(({ due, plan }): WrittenStatistics => {
    const { businessCentralId, dataverseId: accountId } = due.coupling;
    return { businessCentralId, accountId, statisticsId: plan.id, digest: due.digest, errorId: null };
  });
  const news = written.filter((each) => !isRemembered(each, remembered.get(each.businessCentralId)));
  if (news.length > 0) await ports.statistics.save(news);
}

function isRemembered(now: WrittenStatistics, before: WrittenStatistics | undefined): boolean {
  const { accountId, statisticsId, digest, errorId } = now;
  const isSameRow = before?.accountId === accountId && before.statisticsId === statisticsId;
  return isSameRow && before.digest === digest && before.errorId === errorId;
}
