/** docs/api.md says where each rule of administrators is served: every rule, by addresses and tests that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allEndpoints } from '../../functions/api/endpoints.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
const deviations = readFileSync(join(root, 'docs', 'deviations.md'), 'utf8');

/** The last rule of actions; those behind it are what users complain about. */
const lastRule = 106;

/** Rows of the two tables of rules, cell by cell. */
function ruleRows(from: string): readonly (readonly string[])[] {
  return from
    .split('\n')
    .filter((line) => /^\| A-\d/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** `A-2 to A-5, A-40` as numbers. */
function rulesIn(cell: string): readonly number[] {
  const spans = [...cell.matchAll(/A-(\d+)(?: to A-(\d+))?/g)];
  return spans.flatMap(([, first = '', last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}

const served = ruleRows(page).filter((cells) => cells.length === 3);
const notServed = ruleRows(page).filter((cells) => cells.length === 2);

const testFiles = ['functions', 'shared', 'test', 'local'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `${folder}/${path}`),
);

/** A test is named by its path, or, once it was named so, by its name alone. */
function isTest(name: string): boolean {
  if (name.includes('/')) return testFiles.includes(name);
  return testFiles.some((path) => new RegExp(`^${name}(\\.integration)?\\.test\\.ts$`).test(basename(path)));
}

function isAddress(address: string): boolean {
  const path = address.replace(/\?.*$/, '').replace(/^\//, '');
  return allEndpoints.some(({ route }) =>
    new RegExp(`^${route.replaceAll(/\{\w+\}/g, '(\\{\\w+\\}|[A-Z]+)')}$`).test(path),
  );
}

describe('docs/api.md', () => {
  it('has every rule once, served or not', () => {
    const told = [...served, ...notServed].flatMap(([rules = '']) => rulesIn(rules));
    const inDeviations = ruleRows(deviations).flatMap(([rules = '']) => rulesIn(rules));
    const missing = Array.from({ length: lastRule }, (_, index) => index + 1).filter(
      (rule) => !told.includes(rule) && !inDeviations.includes(rule),
    );
    expect(missing).toEqual([]);
    expect(told.filter((rule, index) => told.indexOf(rule) !== index)).toEqual([]);
    expect(told.length).toBeGreaterThan(90);
  });

  it('names tests that exist', () => {
    const names = served.flatMap(([, , tests = '']) => tests.split(', '));
    expect(names.filter((name) => !isTest(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(60);
  });

  it('names addresses that exist', () => {
    const addresses = [...page.matchAll(/(?<![\w.])\/api\/[\w./{}?=&-]*/g)].map(([address]) => address);
    expect([...new Set(addresses)].filter((address) => !isAddress(address))).toEqual([]);
    expect(addresses.length).toBeGreaterThan(40);
  });
});
