/** Carries out runs from the queue. */
import { app } from '@azure/functions';
import { executeRun } from '../shared/app/jobs/executeRun.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { runQueueName } from '../shared/composition/ports.ts';
import { processComposition } from '../shared/composition/processComposition.ts';
import { parseRunMessage } from '../shared/composition/runMessages.ts';
import { storageConnectionOf } from '../shared/composition/storageConnection.ts';

app.storageQueue('job-slices', {
  queueName: runQueueName,
  connection: storageConnectionOf(process.env),
  handler: (item, context) =>
    withInvocationLog(context, async () => {
      const { ports, mappings } = await processComposition.open();
      await executeRun(ports, mappings, parseRunMessage(item));
    }),
});
