/** The list that `npm run promises` works through names lines and tests that exist; the run itself is too slow for here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { promiseNumbers } from './protection.ts';
import { protections } from './protections.ts';

const root = join(import.meta.dirname, '..', '..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** Promises of which a single protection would not be the whole story. */
const kept = new Set<string>(promiseNumbers.slice(0, 9));

/** All texts a title may stand in: tests, contracts that tests register, and the names of scenario files. */
function testTexts(): string {
  const folders = ['shared', 'test', 'functions', 'local'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name).replaceAll('\\', '/'),
    ),
  );
  const scenarios = files.filter((name) => name.startsWith('test/scenarios/files/'));
  return [
    ...files.filter((name) => /\.(test|contract)\.ts$/.test(name)).map(textOf),
    ...scenarios.map((name) => `[${name.slice('test/scenarios/files/'.length)}]`),
  ].join('\n');
}

describe('the lines that protect the promises', () => {
  it('stand in their files exactly once each, and removing them changes the text', () => {
    const wrong = protections.filter(
      ({ file, find, replace }) => textOf(file).split(find).length !== 2 || find === replace,
    );
    expect(wrong.map(({ file, find }) => `${file}: ${find}`)).toEqual([]);
  });

  it('have tests that exist, by file and by title', () => {
    const texts = testTexts();
    const named = protections.flatMap(({ tests }) => tests);
    const missing = named.filter(({ file, title }) => textOf(file) === '' || !texts.includes(title));
    expect(missing).toEqual([]);
    expect(protections.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  it.each(promiseNumbers)('are known for %s', (promise) => {
    const own = protections.filter((protection) => protection.promise === promise);
    expect(own.length).toBeGreaterThanOrEqual(kept.has(promise) ? 2 : 1);
  });
});
