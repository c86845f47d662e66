/** Starts the simulators of both systems on one clock, with demo data, nothing, or what an earlier start left. */
import { loadDemoBusinessCentralData } from '../simulators/businessCentral/demoData.ts';
import {
  type RunningBusinessCentralSimulator,
  startBusinessCentralSimulator,
} from '../simulators/businessCentral/simulator.ts';
import type { SimulatorClock } from '../simulators/common/clock.ts';
import { loadDemoDataverseData } from '../simulators/dataverse/demoData.ts';
import {
  type RunningDataverseSimulator,
  startDataverseSimulator,
} from '../simulators/dataverse/simulator.ts';
import { problemLines, StartError } from './startError.ts';

/** Where the rows of a simulator come from. */
export interface SimulatorRows {
  /** Demo data folder; null = start empty. Not read when there is a snapshot. */
  readonly demoFolder: string | null;
  /** What an earlier start left. */
  readonly snapshot: object | null;
  /** Makes the error of a snapshot that is none. */
  readonly snapshotError: (error: unknown) => StartError;
}

interface SimulatorOptions {
  readonly port: number;
  readonly clock: SimulatorClock;
}

/**
 * The simulators draw ids from a seeded generator that a snapshot does not hold: with the same seed again, a start from
 * kept state would draw ids that its rows have already.
 */
function seedOf(snapshot: object | null, clock: SimulatorClock): { readonly seed?: number } {
  return snapshot === null ? {} : { seed: clock.now() };
}

interface Loaded<Data> {
  readonly data: Data | null;
  readonly snapshot: object | null;
}

/** Demo data with the folder named in every problem. */
function load<Data>({ demoFolder, snapshot }: SimulatorRows, read: (folder: string) => Data): Loaded<Data> {
  if (snapshot !== null || demoFolder === null) return { data: null, snapshot };
  try {
    return { data: read(demoFolder), snapshot: null };
  } catch (error) {
    throw new StartError(
      problemLines(error).map((line) => `Demo data in ${demoFolder}: ${line}`),
      { cause: error },
    );
  }
}

function startError(name: string, flag: string, rows: SimulatorRows, error: unknown): StartError {
  const isPortProblem = error instanceof Error && /listen/i.test(error.message);
  if (!isPortProblem && rows.snapshot !== null) return rows.snapshotError(error);
  const advice = isPortProblem ? ` Choose another one with ${flag}.` : '';
  return new StartError(
    problemLines(error).map((line) => `${name}: ${line}${advice}`),
    { cause: error },
  );
}

/** Reads and checks the demo data now; the returned function starts the simulator. Raises StartError, both of them. */
export function prepareBusinessCentral(
  rows: SimulatorRows,
): (options: SimulatorOptions) => Promise<RunningBusinessCentralSimulator> {
  const { data, snapshot } = load(rows, loadDemoBusinessCentralData);
  return async (options) => {
    try {
      const seed = seedOf(snapshot, options.clock);
      return await startBusinessCentralSimulator({
        ...options,
        ...seed,
        data,
        ...(snapshot ? { snapshot } : {}),
      });
    } catch (error) {
      throw startError('Business Central simulator', '--business-central-port', rows, error);
    }
  };
}

/** Reads and checks the demo data now; the returned function starts the simulator. Raises StartError, both of them. */
export function prepareDataverse(
  rows: SimulatorRows,
): (options: SimulatorOptions) => Promise<RunningDataverseSimulator> {
  const { data, snapshot } = load(rows, loadDemoDataverseData);
  return async (options) => {
    try {
      return await startDataverseSimulator({
        ...options,
        ...seedOf(snapshot, options.clock),
        data,
        snapshot,
      });
    } catch (error) {
      throw startError('Dataverse simulator', '--dataverse-port', rows, error);
    }
  };
}
