/** State between starts: whole files, one user at a time, damage told. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeFolder } from './keptFiles.ts';
import { keepState, nothingKept, readKeptState } from './keptState.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function source(part: 'businessCentral' | 'dataverse' | 'clock', content: object) {
  const state = { content, changes: 1, taken: 0 };
  const snapshot = () => {
    state.taken += 1;
    return state.content;
  };
  return { state, kept: { part, snapshot, activity: () => state.changes } };
}

function failOn(line: string): void {
  throw new Error(line);
}

describe('kept state', () => {
  test('an empty folder keeps nothing', () => {
    expect(readKeptState(folder)).toEqual(nothingKept);
  });

  test('what was saved is read again, and no temporary file stays', async () => {
    const sources = [source('businessCentral', { rows: [1] }), source('clock', { aheadMs: 60_000 })];
    const keeper = keepState(
      folder,
      sources.map(({ kept }) => kept),
      failOn,
    );
    await Promise.all([keeper.save(), keeper.save()]);
    keeper.stop();
    expect(readKeptState(folder)).toEqual({
      businessCentral: { rows: [1] },
      dataverse: null,
      clockAheadMs: 60_000,
    });
    expect(readdirSync(folder).toSorted()).toEqual(['business-central.json', 'clock.json']);
  });

  test('a source that has not changed is not written again', async () => {
    const { state, kept } = source('dataverse', { rows: [] });
    const keeper = keepState(folder, [kept], failOn);
    await keeper.save();
    await keeper.save();
    expect(state.taken).toBe(1);
    Object.assign(state, { content: { rows: [2] }, changes: 2 });
    await keeper.save();
    keeper.stop();
    expect(readKeptState(folder).dataverse).toEqual({ rows: [2] });
  });

  test('a snapshot that fails leaves the old file whole, and the next save works', async () => {
    const { state, kept } = source('dataverse', { rows: [1] });
    const keeper = keepState(folder, [kept], failOn);
    await keeper.save();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    Object.assign(state, { content: circular, changes: 2 });
    await expect(keeper.save()).rejects.toThrow(/circular/);
    expect(readKeptState(folder).dataverse).toEqual({ rows: [1] });
    state.content = { rows: [3] };
    await keeper.save();
    keeper.stop();
    expect(readKeptState(folder).dataverse).toEqual({ rows: [3] });
  });

  test.each([
    ['business-central.json', '{"half'],
    ['dataverse.json', '[]'],
    ['clock.json', '{"aheadMs":-1}'],
  ])('a damaged %s is one line that names the file and what to do', (name, text) => {
    writeFileSync(join(folder, name), text);
    expect(() => readKeptState(folder)).toThrow(
      new RegExp(`^[^\\n]*${name} is damaged: [^\\n]*remove[^\\n]*$`),
    );
  });
});

describe('the data folder', () => {
  const lock = () => join(folder, 'lock.json');

  test('is created, taken and given back', () => {
    const inner = join(folder, 'new', 'inner');
    const giveBack = takeFolder(inner);
    expect(existsSync(join(inner, 'lock.json'))).toBe(true);
    giveBack();
    giveBack();
    expect(readdirSync(inner)).toEqual([]);
  });

  test('is refused while another process uses it', () => {
    writeFileSync(lock(), JSON.stringify({ processId: process.ppid }));
    expect(() => takeFolder(folder)).toThrow(`in use by another start (process ${process.ppid})`);
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual({ processId: process.ppid });
  });

  test.each(['{"processId":999999999}', '{"proc'])(
    'is taken over from one that ended without tidying up: %s',
    (text) => {
      writeFileSync(lock(), text);
      takeFolder(folder);
      expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual({ processId: process.pid });
    },
  );

  test('that cannot be one is refused with one line', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => takeFolder(file)).toThrow(/^The folder [^\n]* cannot be used: [^\n]*$/);
  });
});
