/** Webhooks of both services. */
import { app } from '@azure/functions';
import { processComposition } from '../shared/composition/processComposition.ts';
import { businessCentralReceiver } from './notifications/businessCentral.ts';
import { dataverseReceiver } from './notifications/dataverse.ts';
import { businessCentralNotificationRoute, dataverseNotificationRoute } from './notifications/routes.ts';

// A wrong function key would be answered 401, which ends all subscriptions; each entry carries a secret instead.
app.http('business-central-notifications', {
  methods: ['POST', 'GET'],
  route: businessCentralNotificationRoute,
  authLevel: 'anonymous',
  handler: businessCentralReceiver(processComposition),
});

app.http('dataverse-notifications', {
  methods: ['POST'],
  route: dataverseNotificationRoute,
  authLevel: 'function',
  handler: dataverseReceiver(processComposition),
});
