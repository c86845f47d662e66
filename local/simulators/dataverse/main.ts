/** Runs the Dataverse simulator as a process of its own. */
import { parseArgs } from 'node:util';
import { demoDataFolder, runSimulator, wholeNumber } from '../common/commandLine.ts';
import { loadDemoDataverseData } from './demoData.ts';
import { startDataverseSimulator } from './simulator.ts';

const usage =
  'Usage: dataverseSimulator [--port N] [--data DIR] [--no-demo] [--latency-ms N]\n' +
  '  --data DIR     folder with demo data files (default local/data/dataverse)\n' +
  '  --no-demo      start with an empty organisation';

runSimulator('dataverseSimulator.cjs', 'Dataverse simulator', async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7082' },
      data: { type: 'string', default: demoDataFolder('dataverse') },
      'no-demo': { type: 'boolean', default: false },
      'latency-ms': { type: 'string', default: '0' },
    },
  });
  return startDataverseSimulator({
    port: wholeNumber('port', values.port, usage),
    latencyMs: wholeNumber('latency-ms', values['latency-ms'], usage),
    data: values['no-demo'] ? null : loadDemoDataverseData(values.data),
  });
});
