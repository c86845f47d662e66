/** Looks after what no run does, once an hour. */
import { app } from '@azure/functions';
import { keepHouse } from '../shared/app/housekeeping/keepHouse.ts';
import { withInvocationLog } from '../shared/composition/invocationLog.ts';
import { processComposition } from '../shared/composition/processComposition.ts';

app.timer('housekeeping', {
  schedule: '0 17 * * * *',
  handler: (_timer, context) =>
    withInvocationLog(context, async () => {
      const { settings, ports, mappings } = await processComposition.open();
      await keepHouse(ports, mappings, settings.retentionDays);
    }),
});
