/** Mapping files of a folder of this machine. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MappingFiles, MappingFolder } from '../../ports/mappingFiles.ts';

/** As large as a request body may be. */
const mostBytes = 1_048_576;

/** Reads `*.json` of `folder` anew with each call; null = there is no folder. */
export function createMappingFiles(folder: string | null): MappingFiles {
  return { read: async () => (folder === null ? { files: [], unreadable: [] } : readFolder(folder)) };
}

async function readFolder(folder: string): Promise<MappingFolder> {
  const files: MappingFolder['files'][number][] = [];
  const unreadable: MappingFolder['unreadable'][number][] = [];
  try {
    const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.json')).sort();
    for (const file of names) {
      try {
        files.push({ file, text: await readText(join(folder, file)) });
      } catch (error) {
        unreadable.push({ file, message: reasonOf(error) });
      }
    }
  } catch (error) {
    unreadable.push({ file: '.', message: reasonOf(error) });
  }
  return { files, unreadable };
}

async function readText(path: string): Promise<string> {
  if ((await stat(path)).size > mostBytes) throw new RangeError(`has more than ${mostBytes} bytes`);
  return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
}

/** The system's code says enough; its message repeats the path of the machine. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'ENOTDIR') return 'is no folder';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is no UTF-8 text';
  if (error instanceof RangeError) return error.message;
  return `cannot be read (${code || 'unknown error'})`;
}
