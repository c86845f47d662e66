/** The program behind `npm run doctor`. */
import { processOutput } from '../start/output.ts';
import { runDoctor } from './runDoctor.ts';

void runDoctor(process.argv.slice(2), process.env, processOutput()).then((code) => {
  process.exitCode = code;
  // Connections of the two services may be kept alive; nothing is left to do on them.
  setTimeout(() => process.exit(code), 500).unref();
});
