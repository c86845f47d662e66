/** Runs the Business Central simulator as a process of its own. */
import { parseArgs } from 'node:util';
import { demoDataFolder, runSimulator, wholeNumber } from '../common/commandLine.ts';
import { loadDemoBusinessCentralData } from './demoData.ts';
import { startBusinessCentralSimulator } from './simulator.ts';

const usage =
  'Usage: businessCentralSimulator [--port N] [--data DIR] [--no-demo] [--no-companion-app] [--latency-ms N]\n' +
  '  --data DIR           folder with demo data files (default local/data/businessCentral)\n' +
  '  --no-demo            start with an empty company\n' +
  '  --no-companion-app   answer as if the companion extension were not installed';

runSimulator('businessCentralSimulator.cjs', 'Business Central simulator', async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7081' },
      data: { type: 'string', default: demoDataFolder('businessCentral') },
      'no-demo': { type: 'boolean', default: false },
      'no-companion-app': { type: 'boolean', default: false },
      'latency-ms': { type: 'string', default: '0' },
    },
  });
  return startBusinessCentralSimulator({
    port: wholeNumber('port', values.port, usage),
    latencyMs: wholeNumber('latency-ms', values['latency-ms'], usage),
    companionApp: !values['no-companion-app'],
    data: values['no-demo'] ? null : loadDemoBusinessCentralData(values.data),
  });
});
