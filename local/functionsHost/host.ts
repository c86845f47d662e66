/**
 * A small local Azure Functions host: runs a built app folder through the public programming model (P-2, A-30).
 *
 * Known differences from the real host: timer, HTTP, storage queue and Service Bus queue triggers (the last with sessions
 * only), and no other bindings or retry policies (refused at start); the app runs in this process; `functionTimeout` and `AzureWebJobs.NAME.Disabled` are not
 * read; timers remember nothing across starts, so no run is past due because the host was down; storage and Service Bus by
 * connection string only; queues are polled at least once a second.
 */
import { randomUUID } from 'node:crypto';
import { publishClockOffset } from './clockOffset.ts';
import type { LogLevel } from './coreTypes.ts';
import { errorMessage, HostStartError } from './errors.ts';
import { functionsOfKind } from './functionDefinition.ts';
import { readFunctionKeys } from './functionKeys.ts';
import { createHostClock, type HostClock } from './hostClock.ts';
import type { FunctionsHostOptions, RunningFunctionsHost } from './hostTypes.ts';
import { createHttpFunctions } from './httpFunctions.ts';
import { type HttpServer, refuseTakenPort, requestBodyLimitBytes, startHttpServer } from './httpServer.ts';
import { waitUntilIdle } from './idle.ts';
import { createInvoker, type Invoke } from './invocation.ts';
import { type Listeners, startListeners } from './listeners.ts';
import { createLocalRoutes, type HostControls } from './localRoutes.ts';
import { type PreparedApp, prepareApp } from './prepareApp.ts';
import { toDirectInput } from './queueMessage.ts';
import { RunningFunctions } from './runningFunctions.ts';
import { stopHost } from './stopHost.ts';

export { HostStartError } from './errors.ts';
export { createHostClock, type HostClock } from './hostClock.ts';
export type { FunctionsHostOptions, RunningFunctionsHost } from './hostTypes.ts';
export type { HostAnswer, HostRequest } from './httpServer.ts';
export type { LocalRoute } from './localRoutes.ts';

const defaultStopTimeoutMs = 10_000;
const loopbackPattern = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

type Log = (level: LogLevel, message: string) => void;
type HostActions = Omit<RunningFunctionsHost, 'url' | 'port' | 'functions' | 'stop'> &
  Pick<HostControls, 'fire'>;

interface HostParts {
  readonly options: FunctionsHostOptions;
  readonly prepared: PreparedApp;
  readonly clock: HostClock;
  readonly offset: ReturnType<typeof publishClockOffset>;
  readonly running: RunningFunctions;
  readonly invoke: Invoke;
  readonly log: Log;
  readonly stopping: AbortController;
}

function refuseOpenHost({ host = '127.0.0.1', functionKeysFile }: FunctionsHostOptions): void {
  if (loopbackPattern.test(host) || functionKeysFile !== undefined) return;
  throw new HostStartError(`The address ${host} is no loopback address: give a key file, or bind 127.0.0.1.`);
}

/** Until the triggers are armed there are none; requests can arrive that early. */
const noListeners: Listeners = { timers: new Map(), queues: [], stop: () => Promise.resolve() };

function createActions(parts: HostParts, listeners: () => Listeners): HostActions {
  const { clock, offset, running, invoke, log, options } = parts;
  const elapsedMs = () => performance.now();
  const pokeQueues = () => {
    for (const queue of listeners().queues) queue.poke();
  };
  const invokeTimer = async (name: string): Promise<void> => {
    const timer = listeners().timers.get(name);
    if (timer === undefined) throw new Error(`There is no timer function "${name}".`);
    await timer.runNow();
  };
  return {
    invokeTimer,
    pokeQueues,
    running: () => running.count(),
    idle: (timeoutMs) => {
      const { queues } = listeners();
      return waitUntilIdle(
        { running, queues, elapsedMs, isStopping: () => parts.stopping.signal.aborted },
        timeoutMs,
      );
    },
    advanceClock: async (byMs) => {
      if (!Number.isFinite(byMs) || byMs < 0) throw new RangeError(`Cannot advance by ${byMs} ms.`);
      await clock.advance(byMs, async (stepMs) => {
        offset.set(clock.offsetMs());
        await options.onClockAdvanced?.(stepMs);
      });
      pokeQueues();
    },
    fire: (one, input) => {
      const started =
        one.trigger.kind === 'timer'
          ? invokeTimer(one.name)
          : invoke(one, toDirectInput(input ?? '', randomUUID()));
      started.catch((error) => log('debug', `${one.name}: fired by hand, failed: ${errorMessage(error)}`));
    },
  };
}

function startServer(parts: HostParts, actions: HostActions): Promise<HttpServer> {
  const { options, prepared, clock, running, invoke, log } = parts;
  const keys = readFunctionKeys(options.functionKeysFile);
  const controls: HostControls = {
    ...actions,
    functions: prepared.functions,
    now: () => clock.now(),
    runningNames: () => running.names(),
  };
  const ownRoutes = createLocalRoutes(controls, options.localRoutes ?? [], keys);
  const functions = functionsOfKind(prepared.functions, 'http');
  const functionRoutes = createHttpFunctions({ functions, keys, invoke });
  return startHttpServer({
    port: options.port,
    host: options.host ?? '127.0.0.1',
    bodyLimitBytes: requestBodyLimitBytes,
    handle: async (request) => {
      if (parts.stopping.signal.aborted) return { status: 503, headers: [['connection', 'close']] };
      try {
        return (await ownRoutes(request)) ?? (await functionRoutes(request));
      } catch (error) {
        log('error', `${request.method} ${request.url.pathname} failed: ${errorMessage(error)}`);
        return { status: 500 };
      }
    },
  });
}

function createParts(options: FunctionsHostOptions, prepared: PreparedApp, log: Log): HostParts {
  const running = new RunningFunctions();
  const { app } = prepared;
  const environments = [...new Set([options.environment ?? process.env, process.env])];
  return {
    options,
    prepared,
    clock: options.clock ?? createHostClock(Date.now),
    offset: publishClockOffset(environments),
    running,
    invoke: createInvoker({ app, running, newInvocationId: randomUUID, log }),
    log,
    stopping: new AbortController(),
  };
}

function toRunningHost(
  parts: HostParts,
  server: HttpServer,
  listeners: Listeners,
  actions: HostActions,
): RunningFunctionsHost {
  const { prepared, offset, options } = parts;
  const { app } = prepared;
  const { fire: _fire, ...rest } = actions;
  const timeoutMs = options.stopTimeoutMs ?? defaultStopTimeoutMs;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    parts.stopping.abort();
    await stopHost({ ...parts, app, server, listeners, timeoutMs });
    offset.restore();
  };
  return {
    ...rest,
    url: server.url,
    port: server.port,
    functions: prepared.functions.map(({ name, trigger }) => ({ name, trigger: trigger.kind })),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/**
 * Loads the app, arms its triggers and listens. The app runs in this process and reads `process.env`; its clock offset
 * is in `LOCAL_CLOCK_OFFSET_MS`. Raises HostStartError, with one line per problem, when the app or its settings are not
 * valid, the port is in use or a queue cannot be reached; then nothing is left running.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<RunningFunctionsHost> {
  refuseOpenHost(options);
  // Once it is loaded, the app goes to work by itself.
  await refuseTakenPort(options.port, options.host ?? '127.0.0.1');
  const log: Log = (level, message) => options.log?.(`${level} ${message}`);
  const { appFolder, environment = process.env, localSettingsFile } = options;
  const prepared = await prepareApp({ appFolder, environment, localSettingsFile, log });
  const parts = createParts(options, prepared, log);
  let listeners = noListeners;
  const actions = createActions(parts, () => listeners);
  const server = await startServer(parts, actions);
  parts.offset.set(parts.clock.offsetMs());
  parts.running.onEnd(actions.pokeQueues); // a function that ended may have sent messages
  try {
    const { functions, configuration } = prepared;
    const { queues, serviceBus } = configuration;
    listeners = await startListeners({ ...parts, functions, queues, serviceBus });
  } catch (error) {
    parts.offset.restore();
    server.closeAll();
    await server.close();
    throw error;
  }
  return toRunningHost(parts, server, listeners, actions);
}
