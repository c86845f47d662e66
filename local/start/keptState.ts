/** Keeps the state of the simulators and the clock between starts (`--data DIR`). */
import { z } from 'zod';
import { type KeptPart, keptFileError, readKeptFile, writeKeptFile } from './keptFiles.ts';
import { oneLine } from './startError.ts';

/** What an earlier start left; null for a part it did not run. */
export interface KeptState {
  readonly businessCentral: object | null;
  readonly dataverse: object | null;
  /** How far the local clock had been moved ahead of the real one, milliseconds. */
  readonly clockAheadMs: number;
}

/** The state of a start that keeps nothing, or the first one of a folder. */
export const nothingKept: KeptState = { businessCentral: null, dataverse: null, clockAheadMs: 0 };

const clockSchema = z.object({ aheadMs: z.number().min(0) });

/** Reads what is there. Raises StartError with one line when a file is damaged. */
export function readKeptState(folder: string): KeptState {
  const clock = readKeptFile(folder, 'clock');
  const parsed = clockSchema.safeParse(clock ?? { aheadMs: 0 });
  if (!parsed.success) throw keptFileError(folder, 'clock', parsed.error);
  return {
    businessCentral: readKeptFile(folder, 'businessCentral'),
    dataverse: readKeptFile(folder, 'dataverse'),
    clockAheadMs: parsed.data.aheadMs,
  };
}

/** A part whose state is to be kept. */
export interface KeptSource {
  readonly part: KeptPart;
  snapshot(): object;
  /** Grows whenever something may have changed; an unchanged one spares the writing. */
  activity(): number;
}

const saveEveryMs = 30_000;

/** Saves a set of sources into a folder. */
export interface StateKeeper {
  /** Saves what may have changed. Calls queue up; rejects when a file cannot be written. */
  save(): Promise<void>;
  /** Ends the regular saving. Safe to call twice. */
  stop(): void;
}

/** Saves every 30 s from now on, and whenever asked. A regular save that fails is told once per failure. */
export function keepState(
  folder: string,
  sources: readonly KeptSource[],
  printError: (line: string) => void,
): StateKeeper {
  const saved = new Map<KeptPart, number>();
  const saveAll = async (): Promise<void> => {
    const changed = sources.filter(({ part, activity }) => saved.get(part) !== activity());
    // All snapshots of one instant before the first is written: the files belong together.
    const files = changed.map(({ part, snapshot, activity }) => ({
      part,
      mark: activity(),
      content: snapshot(),
    }));
    for (const { part, mark, content } of files) {
      await writeKeptFile(folder, part, content);
      saved.set(part, mark);
    }
  };
  let last: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    const result = last.then(saveAll);
    last = result.catch(() => undefined);
    return result;
  };
  const timer = setInterval(() => {
    save().catch((error) => printError(`The state could not be saved in ${folder}: ${oneLine(error)}`));
  }, saveEveryMs);
  timer.unref();
  return { save, stop: () => clearInterval(timer) };
}
