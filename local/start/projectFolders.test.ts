/** Folders are found from wherever the program lies, and named folders from where the user stands. */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findProjectFolders, userFolder } from './projectFolders.ts';

test('the project is found from its source folders and from the bundle', () => {
  const fromSource = findProjectFolders(import.meta.dirname);
  expect(fromSource.root).toBe(resolve(import.meta.dirname, '..', '..'));
  expect(findProjectFolders(join(fromSource.root, 'dist', 'local'))).toEqual(fromSource);
});

test('outside the project the search ends with one line', () => {
  expect(() => findProjectFolders(tmpdir())).toThrow(/^No project folder[^\n]*$/);
});

test('a relative folder counts from where the user was when npm changed the folder', () => {
  const user = resolve('/home/user');
  const underNpm = { npm_lifecycle_event: 'start', INIT_CWD: user };
  expect(userFolder('kept', underNpm, resolve('/project'))).toBe(join(user, 'kept'));
  expect(userFolder('kept', {}, resolve('/project'))).toBe(resolve('/project/kept'));
  expect(userFolder('kept', { ...underNpm, npm_lifecycle_event: 'test' }, resolve('/project'))).toBe(
    resolve('/project/kept'),
  );
  expect(userFolder(resolve('/elsewhere'), underNpm, resolve('/project'))).toBe(resolve('/elsewhere'));
});
