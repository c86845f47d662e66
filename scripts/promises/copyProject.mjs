// A copy of the project to harm, with the installed packages linked instead of copied.
import { cpSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

const left = new Set(['node_modules', '.git', 'dist', 'coverage', '.data', '.vite']);

/** Copies `from` into the existing folder `to`. */
export function copyProject(from, to) {
  cpSync(from, to, { recursive: true, filter: (path) => path === from || !left.has(basename(path)) });
  symlinkSync(realpathSync(join(from, 'node_modules')), join(to, 'node_modules'), 'junction');
}
