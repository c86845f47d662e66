/** Ends a running host in order: triggers first, then running functions, then the app's own clean-up. */
import type { LogLevel } from './coreTypes.ts';
import { errorMessage } from './errors.ts';
import type { FunctionApp } from './functionApp.ts';
import type { HostClock } from './hostClock.ts';
import type { HttpServer } from './httpServer.ts';
import type { Listeners } from './listeners.ts';
import type { RunningFunctions } from './runningFunctions.ts';

/** What there is to end. */
export interface StopParts {
  readonly app: FunctionApp;
  readonly clock: HostClock;
  readonly server: HttpServer;
  readonly listeners: Listeners;
  readonly running: RunningFunctions;
  readonly timeoutMs: number;
  readonly log: (level: LogLevel, message: string) => void;
}

const checkEveryMs = 10;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A message is settled a little after its function has ended: both must be over. */
async function drain({ running, listeners, timeoutMs, log }: StopParts): Promise<void> {
  let hasTimedOut = false;
  const timer = setTimeout(() => {
    hasTimedOut = true;
  }, timeoutMs);
  const isBusy = () => running.count() > 0 || listeners.queues.some((queue) => queue.isBusy());
  while (isBusy() && !hasTimedOut) await pause(checkEveryMs);
  clearTimeout(timer);
  if (isBusy()) log('warning', `stopped while still running: ${running.names().join(', ')}`);
}

async function runTerminateHooks({ app, timeoutMs, log }: StopParts): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([app.runAppHooks('appTerminate'), tooLong]);
  } catch (error) {
    log('error', `an appTerminate hook failed: ${errorMessage(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Stops everything. Waits at most `timeoutMs` for functions and as long again for hooks; never rejects. */
export async function stopHost(parts: StopParts): Promise<void> {
  parts.clock.stop();
  const serverClosed = parts.server.close();
  await parts.listeners.stop();
  await drain(parts);
  await runTerminateHooks(parts);
  parts.server.closeAll();
  await serverClosed;
}
