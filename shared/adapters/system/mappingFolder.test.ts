/** The folder of mapping files: what is read, and what is told of what cannot be. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMappingFiles } from './mappingFolder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('is read file by file in order of names, other files passed over, bad ones told', async () => {
  await writeFile(join(folder, 'b.json'), '{"b":1}');
  await writeFile(join(folder, 'a.JSON'), '{"ø":1}');
  await writeFile(join(folder, 'notes.txt'), 'no mapping');
  await writeFile(join(folder, 'latin.json'), Buffer.from([0x22, 0xf8, 0x22]));
  await writeFile(join(folder, 'large.json'), ' '.repeat(1_048_577));
  await mkdir(join(folder, 'folder.json'));
  const { files, unreadable } = await createMappingFiles(folder).read();
  expect(files).toEqual([
    { file: 'a.JSON', text: '{"ø":1}' },
    { file: 'b.json', text: '{"b":1}' },
  ]);
  expect(unreadable).toEqual([
    { file: 'folder.json', message: 'cannot be read (EISDIR)' },
    { file: 'large.json', message: 'has more than 1048576 bytes' },
    { file: 'latin.json', message: 'is no UTF-8 text' },
  ]);
});

it('that is missing, or no folder, is told and not raised', async () => {
  const missing = await createMappingFiles(join(folder, 'nowhere')).read();
  expect(missing).toEqual({ files: [], unreadable: [{ file: '.', message: 'does not exist' }] });
  await writeFile(join(folder, 'file'), '');
  const noFolder = await createMappingFiles(join(folder, 'file')).read();
  expect(noFolder.unreadable).toEqual([{ file: '.', message: 'is no folder' }]);
});

it('that is not set holds nothing', async () => {
  expect(await createMappingFiles(null).read()).toEqual({ files: [], unreadable: [] });
});
