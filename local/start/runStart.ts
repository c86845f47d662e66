/** The course of a start: flags, checks, parts, initial synchronisation, running, clean stop. */
import { CleanUp } from './cleanUp.ts';
import { type Flags, parseFlags, usage } from './flags.ts';
import { runInitialSync } from './initialSync/initialSync.ts';
import { keepParts } from './keptParts.ts';
import { settingOf } from './localSettings.ts';
import { LogSink } from './logLines.ts';
import { type Output, processOutput } from './output.ts';
import { watchParent } from './parent.ts';
import { listenForStop } from './signals.ts';
import { problemLines, StartError, StoppedError } from './startError.ts';
import { type RunningParts, startParts } from './startParts.ts';
import { planStart } from './startPlan.ts';

const lookForParentEveryMs = 250;

interface Run {
  readonly flags: Flags;
  readonly output: Output;
  readonly cleanUp: CleanUp;
  readonly signal: AbortSignal;
}

function synchronise({ output, signal, flags }: Run, parts: RunningParts, sink: LogSink): Promise<boolean> {
  const { businessCentral, dataverse, host, clock } = parts;
  return runInitialSync({
    host,
    clock,
    output,
    signal,
    untilIdle: flags.once,
    counters: {
      businessCentral: (entitySet) => businessCentral?.records(entitySet).length ?? null,
      dataverse: (entitySet) => dataverse?.rows(entitySet).length ?? null,
    },
    onView: (view) => sink.useView(view),
  });
}

/** A synchronisation that could not be carried out ends `--once`; otherwise the timers go on trying. */
async function synchroniseAndGoOn(run: Run, parts: RunningParts, sink: LogSink): Promise<boolean> {
  try {
    return await synchronise(run, parts, sink);
  } catch (error) {
    if (run.flags.once || run.signal.aborted || !(error instanceof StartError)) throw error;
    for (const line of error.problems) run.output.printError(line);
    return false;
  }
}

function untilStopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Resolves with the exit code of `--once`; otherwise rejects with the reason to stop. */
async function runAll(run: Run): Promise<number> {
  const { cleanUp, flags, output, signal } = run;
  const sink = new LogSink(output, settingOf(process.env, 'LOCAL_LOG'));
  const plan = await planStart({ ...run, log: (line) => sink.take(line) });
  signal.throwIfAborted();
  const parts = await startParts(plan);
  const keeper = keepParts(parts, plan);
  cleanUp.add('function app', () => parts.host.stop());
  signal.throwIfAborted();
  const isGood = flags.initialSync ? await synchroniseAndGoOn(run, parts, sink) : true;
  await keeper?.save();
  signal.throwIfAborted();
  if (flags.once) return isGood ? 0 : 1;
  output.print(`ready ${parts.host.url}`);
  return untilStopped(signal);
}

/** Prints why the run ended and returns the exit code: stopping is what a user may do, unless `--once` was to finish. */
function tellEnd(reason: unknown, { flags, output }: Run): number {
  if (!(reason instanceof StoppedError)) {
    for (const line of problemLines(reason)) output.printError(line);
    return 1;
  }
  if (flags.once) output.printError('Stopped before the synchronisation had ended.');
  return flags.once ? 1 : 0;
}

/** Once a stop was asked for, whatever fails is its consequence: Ctrl-C also reaches Azurite, for example. */
async function runToEnd(run: Run): Promise<number> {
  const { cleanUp, output, signal } = run;
  let code = 1;
  try {
    code = await runAll(run);
  } catch (error) {
    code = tellEnd(signal.aborted ? signal.reason : error, run);
  }
  const problems = await cleanUp.run();
  for (const problem of problems) output.printError(`Not stopped cleanly: ${problem}`);
  return problems.length > 0 ? 1 : code;
}

/** What nobody caught leaves the process in an unknown state: it is told, and everything stops. */
function stopOnFault(stopping: AbortController): void {
  process.on('uncaughtException', (error) => {
    stopping.abort(new StartError(problemLines(error).map((line) => `Failed outside any function: ${line}`)));
  });
}

/** The listeners stay until the process ends: a late signal must not cut off the last lines. */
function runWith(flags: Flags, output: Output): Promise<number> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new StoppedError());
  stopOnFault(stopping);
  listenForStop({
    source: process,
    elapsedMs: () => performance.now(),
    onStop: stop,
    exit: (code) => process.exit(code),
  });
  watchParent({
    parentId: () => process.ppid,
    environment: process.env,
    onGone: stop,
    repeat: (callback) => {
      const timer = setInterval(callback, lookForParentEveryMs).unref();
      return () => clearInterval(timer);
    },
  });
  return runToEnd({ flags, output, cleanUp: new CleanUp(), signal: stopping.signal });
}

/** Runs the program with these arguments; resolves with its exit code once everything has stopped. */
export async function runStart(argv: readonly string[]): Promise<number> {
  const output = processOutput();
  const parsed = parseFlags(argv);
  switch (parsed.kind) {
    case 'help':
      output.print(usage);
      return 0;
    case 'invalid':
      for (const problem of parsed.problems) output.printError(problem);
      return 1;
    case 'flags':
      return runWith(parsed.flags, output);
  }
}
