/** Runs the built `npm start` program as a child process, in a copy of the project that no local settings reach. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const ownSettings =
  /^(npm_|INIT_CWD$|AzureWebJobsStorage|SYNC_STORAGE|BUSINESS_CENTRAL|DATAVERSE|LOCAL_|SCHEDULE_)/i;

/** A project folder with the build, the demo data and the installed modules; the caller removes it. */
export function copyProject(): string {
  if (!existsSync(join(root, 'dist', 'local', 'start.cjs'))) throw new Error('Build first: npm run build.');
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  mkdirSync(join(folder, 'dist', 'local'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'dist', 'local', 'start.cjs'), join(folder, 'dist', 'local', 'start.cjs'));
  cpSync(join(root, 'dist', 'app'), join(folder, 'dist', 'app'), { recursive: true });
  cpSync(join(root, 'local', 'data'), join(folder, 'local', 'data'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Flags that take free ports everywhere. */
export const freePorts = ['--port', '0', '--business-central-port', '0', '--dataverse-port', '0'] as const;

export interface StartOptions {
  readonly project: string;
  readonly flags?: readonly string[];
  /** Settings beside those of the machine. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Starts a process group of its own, as a shell does; see endGroup. */
  readonly ownGroup?: boolean;
}

/** How a program ended; `code` is null when a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started program. */
export class StartedProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor({ project, flags = [], settings = {}, ownGroup = false }: StartOptions) {
    const inherited = Object.entries(process.env).filter(([name]) => !ownSettings.test(name));
    this.#child = spawn(process.execPath, [join(project, 'dist', 'local', 'start.cjs'), ...flags], {
      cwd: tmpdir(),
      env: { ...Object.fromEntries(inherited), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString('utf8');
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString('utf8');
    });
    this.#ended = new Promise((resolveEnded) => {
      this.#child.once('close', (code) => resolveEnded({ code, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** The first group of the pattern, as soon as stdout matches. Rejects when the program ends before. */
  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#stdout)?.[1];
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null)
        throw new Error(`Ended without ${pattern}: ${this.#stdout}${this.#stderr}`);
      await new Promise((resolvePause) => setTimeout(resolvePause, 25));
    }
  }

  /** The address of the ready line, which stands alone on its line. */
  ready(): Promise<string> {
    return this.printed(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
  }

  /** Sends a signal, or waits for the end by itself. */
  end(signal?: 'SIGINT' | 'SIGTERM'): Promise<Ended> {
    if (signal !== undefined) this.#child.kill(signal);
    return this.#ended;
  }

  /** Sends a signal to the program and everything it has started, as Ctrl-C in a terminal does. */
  endGroup(signal: 'SIGINT' | 'SIGTERM'): Promise<Ended> {
    const { pid } = this.#child;
    if (pid !== undefined) process.kill(-pid, signal);
    return this.#ended;
  }

  /** Ends it whatever happens; for the end of a test. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** Removes a project copy; the link to the modules goes, not what it points to. */
export function removeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
