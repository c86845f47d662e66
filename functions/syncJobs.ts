/** One timer per scheduled job, and one for the jobs of user-defined mappings: each tick only asks "is it due?" (J-119). */
import { app } from '@azure/functions';
import { tickJob } from '../shared/app/jobs/tickJob.ts';
import { tickUserDefinedJobs } from '../shared/app/jobs/tickUserDefinedJobs.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { processComposition } from '../shared/composition/processComposition.ts';
import { everyTick, jobTimers, userDefinedTimerName } from '../shared/composition/schedules.ts';

for (const { job, functionName, schedule } of jobTimers(processComposition.settings)) {
  app.timer(functionName, {
    schedule,
    handler: (_timer, context) =>
      withInvocationLog(context, async () => {
        const { ports } = await processComposition.connect();
        await tickJob(ports, job);
      }),
  });
}

app.timer(userDefinedTimerName, {
  schedule: everyTick(processComposition.settings),
  handler: (_timer, context) =>
    withInvocationLog(context, async () => {
      const { ports, catalog } = await processComposition.open();
      await tickUserDefinedJobs(ports, await catalog.current());
    }),
});
