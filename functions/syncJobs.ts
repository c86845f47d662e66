/** One timer per scheduled job: each tick only asks "is it due?" (J-119). */
import { app } from '@azure/functions';
import { tickJob } from '../shared/app/jobs/tickJob.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { processComposition } from '../shared/composition/processComposition.ts';
import { jobTimers } from '../shared/composition/schedules.ts';

for (const { job, functionName, schedule } of jobTimers(processComposition.settings)) {
  app.timer(functionName, {
    schedule,
    handler: (_timer, context) =>
      withInvocationLog(context, async () => {
        const { ports } = await processComposition.open();
        await tickJob(ports, job);
      }),
  });
}
