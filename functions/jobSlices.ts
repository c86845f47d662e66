/** Carries out runs from the queue, and asks jobs whether they are due. */
import { app, type InvocationContext } from '@azure/functions';
import { processComposition } from '../shared/composition/processComposition.ts';
import { runQueueName, runTransportOf, serviceBusConnection } from '../shared/composition/runTransport.ts';
import { storageConnectionOf } from '../shared/composition/storageConnection.ts';
import { receiveMessage } from './messages/receiveMessage.ts';

const functionName = 'job-slices';

const handler = (item: unknown, context: InvocationContext): Promise<void> =>
  receiveMessage(processComposition, item, context);

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
