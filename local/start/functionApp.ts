/** Runs the built function app on the local Functions host, with the environment that is ready by then. */
import { type HostClock, type RunningFunctionsHost, startFunctionsHost } from '../functionsHost/host.ts';
import { problemLines, StartError } from './startError.ts';

export interface FunctionAppOptions {
  readonly appFolder: string;
  readonly port: number;
  readonly clock: HostClock;
  /** Moves the simulators to where the clock stands. */
  readonly onClockAdvanced: () => Promise<void>;
  /** Takes each log line of the host; it begins with the level. */
  readonly log: (line: string) => void;
}

/** Raises StartError with one line per problem; then nothing is left running. */
export async function startFunctionApp(options: FunctionAppOptions): Promise<RunningFunctionsHost> {
  try {
    return await startFunctionsHost({ ...options, environment: process.env });
  } catch (error) {
    const lines = problemLines(error).map((line) =>
      /port is in use/.test(line)
        ? `${line.replace(/; choose.*$/, '')}. Choose another one with --port.`
        : line,
    );
    throw new StartError(lines, { cause: error });
  }
}
