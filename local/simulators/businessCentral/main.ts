/** Runs the Business Central simulator as a process of its own. */
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDemoBusinessCentralData } from './demoData.ts';
import { startBusinessCentralSimulator } from './simulator.ts';

const usage =
  'Usage: businessCentralSimulator [--port N] [--data DIR] [--no-demo] [--no-companion-app] [--latency-ms N]\n' +
  '  --data DIR           folder with demo data files (default local/data/businessCentral)\n' +
  '  --no-demo            start with an empty company\n' +
  '  --no-companion-app   answer as if the companion extension were not installed';
const defaultPort = '7081';
const entry = process.argv[1] ?? '';
/** The bundle lies in dist/local. */
const defaultDataFolder = join(dirname(entry), '..', '..', 'local', 'data', 'businessCentral');

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, not "${text}".\n${usage}`);
  return Number(text);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: defaultPort },
      data: { type: 'string', default: defaultDataFolder },
      'no-demo': { type: 'boolean', default: false },
      'no-companion-app': { type: 'boolean', default: false },
      'latency-ms': { type: 'string', default: '0' },
    },
  });
  const simulator = await startBusinessCentralSimulator({
    port: wholeNumber('port', values.port),
    latencyMs: wholeNumber('latency-ms', values['latency-ms']),
    companionApp: !values['no-companion-app'],
    data: values['no-demo'] ? null : loadDemoBusinessCentralData(values.data),
  });
  console.log(`Business Central simulator ready at ${simulator.url}`);
  const stop = () => void simulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

// Bundled into one file; importing it must not start anything.
if (basename(entry) === 'businessCentralSimulator.cjs') {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
