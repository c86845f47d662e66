/** A fresh clone installs with `npm ci`, which refuses a lock file that leaves out packages of other platforms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const names = z.record(z.string(), z.string()).default({});
const entrySchema = z.object({ dependencies: names, devDependencies: names, optionalDependencies: names });
const lockSchema = z.object({ packages: z.record(z.string(), entrySchema) });
const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));

/** Whether some node_modules folder from the package's own upwards holds the dependency. */
function isLocked(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (!folder.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

test('the lock file has an entry for every dependency it names, optional ones of other platforms included', () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = [entry.dependencies, entry.optionalDependencies, path === '' ? entry.devDependencies : {}];
    const locked = wanted.flatMap((group) => Object.keys(group)).filter((name) => !isLocked(path, name));
    return locked.map((name) => `${path || 'the project'} needs ${name}`);
  });
  expect(missing).toEqual([]);
});

test('the lock file and package.json name the same versions', () => {
  const manifest = z
    .object({ dependencies: names, devDependencies: names })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  expect(packages['']).toMatchObject(manifest);
});
