/** Runs the Dataverse simulator as a process of its own. */
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDemoDataverseData } from './demoData.ts';
import { startDataverseSimulator } from './simulator.ts';

const usage =
  'Usage: dataverseSimulator [--port N] [--data DIR] [--no-demo] [--latency-ms N]\n' +
  '  --data DIR     folder with demo data files (default local/data/dataverse)\n' +
  '  --no-demo      start with an empty organisation';
const defaultPort = '7082';
const entry = process.argv[1] ?? '';
/** The bundle lies in dist/local. */
const defaultDataFolder = join(dirname(entry), '..', '..', 'local', 'data', 'dataverse');

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
      'latency-ms': { type: 'string', default: '0' },
    },
  });
  const simulator = await startDataverseSimulator({
    port: wholeNumber('port', values.port),
    latencyMs: wholeNumber('latency-ms', values['latency-ms']),
    data: values['no-demo'] ? null : loadDemoDataverseData(values.data),
  });
  console.log(`Dataverse simulator ready at ${simulator.url}`);
  const stop = () => void simulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

// Bundled into one file; importing it must not start anything.
if (basename(entry) === 'dataverseSimulator.cjs') {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
