/** The outer shape of the local Functions host: what it takes and what a running host can do. */
import type { HostFunction } from './functionDefinition.ts';
import type { HostClock } from './hostClock.ts';
import type { LocalRoute } from './localRoutes.ts';

/** What to run and where. */
export interface FunctionsHostOptions {
  /** The built app: host.json, package.json with `main`, the entry files. */
  readonly appFolder: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Address to bind. @default '127.0.0.1' - any address but a loopback one needs `functionKeysFile`. */
  readonly host?: string;
  /** App settings. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** A local.settings.json whose `Values` fill gaps of the environment; may be missing. */
  readonly localSettingsFile?: string;
  /** `{"masterKey", "functionKeys"}`; absent = functions of every key level are open. */
  readonly functionKeysFile?: string;
  /** Takes one line each: level, function name, text. @default drops them */
  readonly log?: (line: string) => void;
  /** The clock of the timers. @default real time, movable by `advanceClock` */
  readonly clock?: HostClock;
  /** Awaited at each step of an advance, before the timers of that instant fire: moves simulators along. */
  readonly onClockAdvanced?: (byMs: number) => Promise<void>;
  /** Further routes that exist in the local host only. */
  readonly localRoutes?: readonly LocalRoute[];
  /** How long `stop` waits for running functions, milliseconds. @default 10000 */
  readonly stopTimeoutMs?: number;
}

/** A host that serves its app. */
export interface RunningFunctionsHost {
  /** For example `http://127.0.0.1:7071`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly functions: readonly { readonly name: string; readonly trigger: HostFunction['trigger']['kind'] }[];
  /** Runs a timer function now, after a run under way. Rejects with what it threw, or when there is no such timer. */
  invokeTimer(name: string): Promise<void>;
  /** How many functions are running. */
  running(): number;
  /** True once no function runs and no message waits; false after the time. */
  idle(timeoutMs: number): Promise<boolean>;
  /** Polls every trigger queue at once. */
  pokeQueues(): void;
  /** Moves the clock forward, firing timers that become due in time order and awaiting them. */
  advanceClock(byMs: number): Promise<void>;
  /** Stops triggers, lets running functions end (bounded), runs appTerminate hooks. Safe to call twice. */
  stop(): Promise<void>;
}
