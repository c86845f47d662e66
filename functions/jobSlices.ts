/** Carries out runs from the queue, and asks jobs whether they are due. */
import { app } from '@azure/functions';
import { executeRun } from '../shared/app/jobs/executeRun.ts';
import { tickJob } from '../shared/app/jobs/tickJob.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { runQueueName } from '../shared/composition/ports.ts';
import { processComposition } from '../shared/composition/processComposition.ts';
import { parseQueueMessage } from '../shared/composition/runMessages.ts';
import { storageConnectionOf } from '../shared/composition/storageConnection.ts';

app.storageQueue('job-slices', {
  queueName: runQueueName,
  connection: storageConnectionOf(process.env),
  handler: (item, context) =>
    withInvocationLog(context, async () => {
      const { ports, mappings } = await processComposition.open();
      const message = parseQueueMessage(item);
      if ('ask' in message) await tickJob(ports, message.ask);
      else await executeRun(ports, mappings, message);
    }),
});
