/** Throw-away apps for the tests of the host: CommonJS text in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FunctionsHostOptions, type RunningFunctionsHost, startFunctionsHost } from './host.ts';

const library = createRequire(import.meta.url).resolve('@azure/functions');

/** An app folder to be written. */
export interface TestApp {
  /** Text of main.cjs after the line that defines `app`, `output` and `record`. */
  readonly code?: string;
  readonly host?: object;
  /** @default { main: 'main.cjs' } */
  readonly manifest?: object | null;
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string>>;
}

const prelude = `const { app, output } = require(${JSON.stringify(library)});
const record = (value) => (globalThis.hostTestRecords ??= []).push(value);
`;

/** The text a file of an app begins with to get at the programming model. */
export const appPrelude = prelude;
/** The path of the programming model, for apps that import it themselves. */
export const libraryPath = library;

/** Writes the app and answers its folder. */
export function writeApp({ code, host, manifest, files = {} }: TestApp): string {
  const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
  const all: Record<string, string> = { 'host.json': JSON.stringify(host ?? { version: '2.0' }), ...files };
  if (manifest !== null) all['package.json'] = JSON.stringify(manifest ?? { main: 'main.cjs' });
  if (code !== undefined) all['main.cjs'] = prelude + code;
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What the app has recorded since the last call. */
export function takeRecords(): unknown[] {
  const holder = globalThis as { hostTestRecords?: unknown[] };
  const records = holder.hostTestRecords ?? [];
  holder.hostTestRecords = [];
  return records;
}

/** Starts hosts and ends them, with their folders, at `stopAll`. */
export class TestHosts {
  readonly #hosts: RunningFunctionsHost[] = [];
  readonly #folders: string[] = [];

  async start(app: TestApp, options: Partial<FunctionsHostOptions> = {}): Promise<RunningFunctionsHost> {
    const appFolder = writeApp(app);
    this.#folders.push(appFolder);
    const host = await startFunctionsHost({ appFolder, port: 0, environment: {}, ...options });
    this.#hosts.push(host);
    return host;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#hosts.splice(0).map((host) => host.stop()));
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    takeRecords();
  }
}
