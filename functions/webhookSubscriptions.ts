/** Keeps webhook subscriptions in order; without NOTIFICATION_URL there are none, and jobs find changes by asking. */
import { app } from '@azure/functions';
import { createSubscriptionKeeper } from '../shared/app/subscriptions/keepSubscriptions.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { processComposition } from '../shared/composition/processComposition.ts';
import { everyTick } from '../shared/composition/schedules.ts';
import { businessCentralNotificationRoute } from './notifications/routes.ts';

const keep = createSubscriptionKeeper();

app.timer('webhook-subscriptions', {
  schedule: everyTick(processComposition.settings),
  handler: (_timer, context) =>
    withInvocationLog(context, async () => {
      const { settings, ports, mappings, subscriptions } = await processComposition.open();
      if (settings.notification === null) return;
      const { url, secret } = settings.notification;
      const notificationUrl = `${url}/${businessCentralNotificationRoute}`;
      await keep({ ports, mappings, subscriptions }, { notificationUrl, clientState: secret });
    }),
});
