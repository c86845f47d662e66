/** Starts the storage emulator for a test file and ends it afterwards (platform B-2). */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const developmentKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const scriptPath = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
const scriptArguments = [
  '--inMemoryPersistence',
  '--skipApiVersionCheck',
  '--silent',
  '--disableTelemetry',
  ...['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
];

export interface Emulator {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** An empty emulator on free ports of the loopback address, in memory. Rejects when it ends before it listens. */
export async function startEmulator(): Promise<Emulator> {
  const child = spawn(process.execPath, [scriptPath, ...scriptArguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killChild = (): boolean => child.kill();
  process.once('exit', killChild);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const urls = await addresses(child);
  return {
    connectionString: connectionString(urls),
    async stop() {
      process.off('exit', killChild);
      child.kill();
      await ended;
    },
  };
}

function addresses(child: ChildProcess): Promise<ReadonlyMap<string, string>> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, string>();
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      for (const [, service, url] of output.matchAll(
        /Azurite (\w+) service is successfully listening at (\S+)/g,
      )) {
        if (service !== undefined && url !== undefined) found.set(service, url);
      }
      if (found.size === 3) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`The storage emulator did not start: ${output}`)));
  });
}

function connectionString(urls: ReadonlyMap<string, string>): string {
  const account = 'devstoreaccount1';
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${developmentKey}`,
    `TableEndpoint=${urls.get('Table')}/${account}`,
    `QueueEndpoint=${urls.get('Queue')}/${account}`,
    '',
  ].join(';');
}
