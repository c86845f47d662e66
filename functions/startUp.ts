/**
 * Says at the start of the app what is wrong with its settings, and opens it, so that what both services lack is known
 * before the first run. Nothing is thrown, so that functions stay visible; what fails is tried again by the next caller.
 */
import { app } from '@azure/functions';
import { processComposition, reportSettings } from '../shared/composition/processComposition.ts';

app.hook.appStart(() => {
  reportSettings(processComposition);
  processComposition.open().catch(() => {});
});
app.hook.appTerminate(() => processComposition.close());
