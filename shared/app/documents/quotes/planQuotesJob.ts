/** The dry run of AUTO PROCESS SALES QUOTES. */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { CodeJobPlan, PlanScope } from '../../jobs/codeJob.ts';
import type { JobPlan } from '../../jobs/jobPlan.ts';
import { QuotePlanner } from './planQuotes.ts';
import { QuoteRun, readQuotesBefore } from './quoteRun.ts';
import { openQuoteScope, quoteErrorsName } from './quoteScope.ts';

/** What the job would do now with quotes that changed, are on their way or failed before, and with orders of won ones. */
export const planQuotesJob: CodeJobPlan = async (scope) =>
  planWith(scope, false, async (run, position) => {
    await run.workThrough(position);
  });

/** What processing named quotes would do (D-107, D-156). */
export function planNamedQuotes(scope: PlanScope, ids: readonly DataverseId[]): Promise<JobPlan> {
  return planWith(scope, true, (run) => run.workOn(ids));
}

/** Plans with a run that writes nothing; `position` is where the job would begin to read. */
async function planWith(
  { ports, mappings }: PlanScope,
  isAsked: boolean,
  work: (run: QuoteRun, position: string | null) => Promise<void>,
): Promise<JobPlan> {
  const { state } = await ports.mappings.get(quoteErrorsName);
  const options = { renew: async () => {}, mayWrite: false, isAsked };
  const scope = await openQuoteScope({ ports, mappings }, state, options);
  const before = await readQuotesBefore(scope);
  const planner = new QuotePlanner(scope, before.retries);
  await work(new QuoteRun(scope, planner, before), state.dataversePosition);
  return planner.plan;
}
