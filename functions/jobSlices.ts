/** Carries out runs from the queue, and asks jobs whether they are due. */
import { app, type InvocationContext } from '@azure/functions';
import { executeRun } from '../shared/app/jobs/executeRun.ts';
import { tickJob } from '../shared/app/jobs/tickJob.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { processComposition } from '../shared/composition/processComposition.ts';
import { parseQueueMessage } from '../shared/composition/runMessages.ts';
import { runQueueName, runTransportOf, serviceBusConnection } from '../shared/composition/runTransport.ts';
import { storageConnectionOf } from '../shared/composition/storageConnection.ts';

const functionName = 'job-slices';

const handler = (item: unknown, context: InvocationContext): Promise<void> =>
  withInvocationLog(context, async () => {
    const { ports, mappings } = await processComposition.open();
    const message = parseQueueMessage(item);
    if ('ask' in message) await tickJob(ports, message.ask);
    else await executeRun(ports, mappings, message);
  });

if (runTransportOf(process.env) === 'serviceBus') {
  app.serviceBusQueue(functionName, {
    queueName: runQueueName,
    connection: serviceBusConnection,
    isSessionsEnabled: true,
    handler,
  });
} else {
  app.storageQueue(functionName, {
    queueName: runQueueName,
    connection: storageConnectionOf(process.env),
    handler,
  });
}
