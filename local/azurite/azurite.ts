/** Starts Azurite (blob, queue and table storage) as a child process on free ports (B-2, B-5, B-6, B-7). */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A running storage emulator. */
export interface RunningAzurite {
  /** For all three services; its key is the public development key. */
  readonly connectionString: string;
  /** Ends the child process; resolves when it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

/** How to start Azurite. */
export interface AzuriteOptions {
  /** Where the data is kept; absent = in memory. Created when missing. */
  readonly dataFolder?: string;
  /** Takes lines that Azurite prints, and one when it ends by itself. */
  readonly log?: (line: string) => void;
  /** Ports to use. @default 0, a free one each */
  readonly ports?: Readonly<Partial<Record<Service, number>>>;
  /** How long to wait for the three services, milliseconds. @default 30000 */
  readonly startTimeoutMs?: number;
}

const services = ['Blob', 'Queue', 'Table'] as const;
type Service = (typeof services)[number];
type ServiceUrls = Readonly<Record<Service, string>>;

const account = 'devstoreaccount1';
/** The key every Azurite has; it is public and protects nothing. */
const developmentKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Loaded into the child: its input ends when this process does, however that comes about; then it ends too. */
const endWithParent =
  'data:text/javascript,process.stdin.on("end",()=>process.exit()).on("error",()=>process.exit()).resume().unref()';

function searchUpwards(start: string): string | undefined {
  const script = join('node_modules', 'azurite', 'dist', 'src', 'azurite.js');
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, script))) return join(folder, script);
    if (dirname(folder) === folder) return undefined;
  }
}

/** Searches upwards from this file, wherever it was bundled to, and from the working folder. */
function findScript(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const script = searchUpwards(here) ?? searchUpwards(process.cwd());
  if (script !== undefined) return script;
  throw new Error('Azurite is not installed: run `npm ci` in the project folder.');
}

function toArguments({ dataFolder, ports = {} }: AzuriteOptions): readonly string[] {
  return [
    ...(dataFolder === undefined ? ['--inMemoryPersistence'] : ['--location', dataFolder]),
    '--skipApiVersionCheck',
    '--silent',
    '--disableTelemetry',
    ...services.flatMap((service) => [`--${service.toLowerCase()}Port`, String(ports[service] ?? 0)]),
  ];
}

function connectionString(urls: ServiceUrls): string {
  const endpoints = services.map((service) => `${service}Endpoint=${urls[service]}/${account};`);
  const protocol = 'DefaultEndpointsProtocol=http';
  return `${protocol};AccountName=${account};AccountKey=${developmentKey};${endpoints.join('')}`;
}

function failureMessage(output: string, what: string): string {
  const address = /EADDRINUSE[^\n]*?([\d.]+:\d+)/.exec(output)?.[1];
  if (address !== undefined) return `Azurite could not start: ${address} is in use; stop what uses it.`;
  const lastLine = output.trim().split('\n').at(-1) ?? '';
  return `Azurite could not start: ${what}${lastLine === '' ? '' : ` (${lastLine})`}.`;
}

/** Each service prints one line with the port it really has (B-2). */
function foundUrls(output: string): ServiceUrls | undefined {
  const entries = services.map((service) => {
    const line = new RegExp(
      `Azurite ${service} service is successfully listen\\w* (?:at|on) (http://[^\\s/]+)`,
    );
    return [service, line.exec(output)?.[1]] as const;
  });
  if (entries.some(([, url]) => url === undefined)) return undefined;
  return Object.fromEntries(entries) as ServiceUrls;
}

function waitUntilListening(child: ChildProcess, timeoutMs: number): Promise<ServiceUrls> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(failureMessage(output, what)));
    };
    const timer = setTimeout(() => fail(`not ready after ${timeoutMs / 1000} s`), timeoutMs);
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const urls = foundUrls(output);
      if (urls === undefined) {
        if (/EADDRINUSE/.test(output)) fail('a port is in use');
        return;
      }
      clearTimeout(timer);
      child.stdout?.off('data', read);
      child.stderr?.off('data', read);
      resolve(urls);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => fail(`it ended with code ${code}`));
  });
}

function forwardLines(child: ChildProcess, log: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('utf8').split('\n')) if (line.trim() !== '') log(line.trimEnd());
    });
  }
}

async function endChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

/**
 * Starts Azurite and resolves when all three services listen. The child has its own pipes and ends with this process.
 * Rejects with one clear line when Azurite is missing, a port is in use, or it is not ready in time; then nothing runs.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<RunningAzurite> {
  const child = spawn(process.execPath, ['--import', endWithParent, findScript(), ...toArguments(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await endChild(child, ended);
  };
  if (options.log) forwardLines(child, options.log);
  child.once('close', (code) => {
    if (!isStopping) options.log?.(`Azurite ended with code ${code}`);
  });
  try {
    const urls = await waitUntilListening(child, options.startTimeoutMs ?? 30_000);
    return { connectionString: connectionString(urls), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
