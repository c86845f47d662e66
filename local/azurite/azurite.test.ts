/** The Azurite child process: ready, kept data, clear failures, gone with its parent (B-2, B-6). */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { type AzuriteOptions, type RunningAzurite, startAzurite } from './azurite.ts';

const sourceFile = fileURLToPath(new URL('./azurite.ts', import.meta.url));
const running: RunningAzurite[] = [];
const folders: string[] = [];

async function start(options: AzuriteOptions = {}): Promise<RunningAzurite> {
  const azurite = await startAzurite(options);
  running.push(azurite);
  return azurite;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'azurite-test-'));
  folders.push(folder);
  return folder;
}

function queueOf(connectionString: string, maxTries = 4) {
  const options = { retryOptions: { maxTries, maxRetryDelayInMs: 10, retryDelayInMs: 10 } };
  return QueueServiceClient.fromConnectionString(connectionString, options).getQueueClient('kept');
}

const answers = (connectionString: string) =>
  queueOf(connectionString, 1)
    .exists()
    .then(
      () => true,
      () => false,
    );

afterEach(async () => {
  await Promise.all(running.splice(0).map((azurite) => azurite.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('startAzurite', () => {
  it('serves queues and tables under its connection string until it is stopped (B-7)', async () => {
    const azurite = await start();
    await queueOf(azurite.connectionString).create();
    const table = TableClient.fromConnectionString(azurite.connectionString, 'rows', {
      allowInsecureConnection: true,
    });
    await table.createTable();
    await table.createEntity({ partitionKey: 'a', rowKey: 'b' });
    expect((await table.getEntity('a', 'b')).rowKey).toBe('b');
    await azurite.stop();
    await azurite.stop();
    expect(await answers(azurite.connectionString)).toBe(false);
  });

  it('keeps data between starts in a data folder', async () => {
    const dataFolder = join(newFolder(), 'state');
    const first = await start({ dataFolder });
    await queueOf(first.connectionString).create();
    await queueOf(first.connectionString).sendMessage('kept');
    await first.stop();
    const second = await start({ dataFolder });
    const peeked = await queueOf(second.connectionString).peekMessages();
    expect(peeked.peekedMessageItems.map((message) => message.messageText)).toEqual(['kept']);
  });

  it('rejects with one clear line when a port is in use', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    await expect(start({ ports: { Queue: port } })).rejects.toThrow(
      `Azurite could not start: 127.0.0.1:${port} is in use; stop what uses it.`,
    );
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('rejects with one clear line when it is not ready in time', async () => {
    await expect(start({ startTimeoutMs: 1 })).rejects.toThrow(
      /^Azurite could not start: not ready after [^\n]*$/,
    );
  });
});

describe('a bundled start program', () => {
  function run(bundle: string): ChildProcess {
    return spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  function firstLine(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
      });
      child.once('close', (code) => reject(new Error(`ended with ${code}`)));
    });
  }

  it('finds Azurite and takes it along even when it is killed (B-6)', async () => {
    const bundle = join(newFolder(), 'start.cjs');
    await build({
      stdin: {
        resolveDir: dirname(sourceFile),
        contents: `import { startAzurite } from ${JSON.stringify(sourceFile)};
          startAzurite().then((azurite) => console.log(azurite.connectionString));`,
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: bundle,
      define: { 'import.meta.url': '__importMetaUrl' },
      banner: { js: "const __importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
    });
    const parent = run(bundle);
    const connectionString = await firstLine(parent);
    expect(await answers(connectionString)).toBe(true);
    parent.kill('SIGKILL');
    while (await answers(connectionString)) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
