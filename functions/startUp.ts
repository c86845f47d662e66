/** Says at the start of the app what is wrong with its settings; nothing is thrown, so that functions stay visible. */
import { app } from '@azure/functions';
import { processComposition, reportSettings } from '../shared/composition/processComposition.ts';

app.hook.appStart(() => reportSettings(processComposition));
app.hook.appTerminate(() => processComposition.close());
