/** The files of `--data DIR`: state as JSON, replaced as a whole, and a lock that keeps a second start out. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { oneLine, StartError } from './startError.ts';

/** State files by the part they belong to. */
export const keptFileNames = {
  businessCentral: 'business-central.json',
  dataverse: 'dataverse.json',
  clock: 'clock.json',
} as const;
/** A part with a state file. */
export type KeptPart = keyof typeof keptFileNames;

const lockName = 'lock.json';
const objectSchema = z.record(z.string(), z.unknown());
const lockSchema = z.object({ processId: z.int().positive() });

/** The error of a state file that cannot be used, with what to do. */
export function keptFileError(folder: string, part: KeptPart, error: unknown): StartError {
  const file = join(folder, keptFileNames[part]);
  const detail = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : oneLine(error);
  const advice = `Choose another folder, or remove ${folder} to begin anew.`;
  return new StartError([`${file} is damaged: ${detail}. ${advice}`], { cause: error });
}

/** The content of a state file; null when there is none. Raises StartError when it is no JSON object. */
export function readKeptFile(folder: string, part: KeptPart): object | null {
  const file = join(folder, keptFileNames[part]);
  if (!existsSync(file)) return null;
  try {
    return objectSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw keptFileError(folder, part, error);
  }
}

/** Replaces a state file: a reader finds the old or the new content, never a part of it. */
export async function writeKeptFile(folder: string, part: KeptPart, content: object): Promise<void> {
  const file = join(folder, keptFileNames[part]);
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(JSON.stringify(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The process that holds the folder; null when there is none, or it ended without tidying up. */
function holderOf(file: string): number | null {
  try {
    const { processId } = lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return processId !== process.pid && isRunning(processId) ? processId : null;
  } catch {
    return null; // no lock, or one that was not finished
  }
}

/**
 * Takes the folder for this process, creating it when missing; returns how to give it back. Raises StartError when
 * another start uses it: two of them would overwrite each other's state.
 */
export function takeFolder(folder: string): () => void {
  const file = join(folder, lockName);
  try {
    mkdirSync(folder, { recursive: true });
    const holder = holderOf(file);
    if (holder !== null) throw new StartError([`${folder} is in use by another start (process ${holder}).`]);
    writeFileSync(file, JSON.stringify({ processId: process.pid }));
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError([`The folder ${folder} cannot be used: ${oneLine(error)}.`], { cause: error });
  }
  return () => rmSync(file, { force: true });
}
