/** The dry run of AUTO PROCESS SALES QUOTES. */
import type { CodeJobPlan, PlanScope } from '../../jobs/codeJob.ts';
import type { JobPlan } from '../../jobs/jobPlan.ts';
import { QuotePlanner } from './planQuotes.ts';
import { QuoteRun, readQuotesBefore } from './quoteRun.ts';
import { openQuoteScope, quoteErrorsName } from './quoteScope.ts';

/** What the job would do now with quotes that changed, are on their way or failed before, and with orders of won ones. */
export const planQuotesJob: CodeJobPlan = async (scope) =>
  planWith(scope, async (run, position) => {
    await run.workThrough(position);
  });

/** Plans with a run that writes nothing; `position` is where the job would begin to read. */
export async function planWith(
  { ports, mappings }: PlanScope,
  work: (run: QuoteRun, position: string | null) => Promise<void>,
): Promise<JobPlan> {
  const { state } = await ports.mappings.get(quoteErrorsName);
  const options = { renew: async () => {}, mayWrite: false };
  const scope = await openQuoteScope({ ports, mappings }, state, options);
  const before = await readQuotesBefore(scope);
  const planner = new QuotePlanner(scope, before.retries);
  await work(new QuoteRun(scope, planner, before), state.dataversePosition);
  return planner.plan;
}
