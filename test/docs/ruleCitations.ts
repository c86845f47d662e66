/** Finds the tests that name a rule in their title, or in the `rules` list of a scenario. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario, scenarioFiles } from '../scenarios/loadScenarios.ts';

const root = join(import.meta.dirname, '..', '..');
const folders = ['functions', 'local', 'shared', 'test'] as const;
const scenarios = 'test/scenarios/files';

/** A test that says which rules it proves. */
export interface Citation {
  /** Path from the top of the repository. */
  readonly file: string;
  readonly title: string;
  /** Numbers of the rules, each once. */
  readonly rules: readonly number[];
}

const text = String.raw`'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\`((?:[^\`\\]|\\.)*)\``;
/** `it('...')`, and `it.each(table)('...')` whatever the table is; skipped tests prove nothing. */
const titlePattern = new RegExp(String.raw`(?:\b(?:it|test|describe)|\))\(\s*(?:${text})`, 'g');

/** E: sync-engine.md, J: jobs.md. */
export type RuleLetter = 'E' | 'J';

/** Numbers of the rules `E-<number>` in a text, each once; `E-1 to E-3` names all three. */
export function rulesIn(source: string, letter: RuleLetter = 'E'): readonly number[] {
  const pattern = new RegExp(String.raw`\b${letter}-(\d+)(?: to ${letter}-(\d+))?\b`, 'g');
  const numbers = [...source.matchAll(pattern)].flatMap(([, from = '', to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index),
  );
  return [...new Set(numbers)];
}

/** Titles of the tests in a source text, in order. */
export function titlesIn(source: string): readonly string[] {
  return [...source.matchAll(titlePattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** All tests that name a rule, in order of their files. */
export function citations(letter: RuleLetter = 'E'): readonly Citation[] {
  return [...ofTests(letter), ...ofScenarios(letter)]
    .filter(({ rules }) => rules.length > 0)
    .toSorted((left, right) => (left.file < right.file ? -1 : Number(left.file > right.file)));
}

function ofTests(letter: RuleLetter): readonly Citation[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(test|contract)\.ts$/.test(path))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  );
  return files.flatMap((file) =>
    titlesIn(readFileSync(join(root, file), 'utf8')).map((title) => ({
      file,
      title,
      rules: rulesIn(title, letter),
    })),
  );
}

function ofScenarios(letter: RuleLetter): readonly Citation[] {
  const folder = join(root, scenarios);
  return scenarioFiles(folder).map((path) => {
    const { title, rules } = loadScenario(folder, path);
    return { file: `${scenarios}/${path}`, title, rules: rulesIn([title, ...rules].join(' '), letter) };
  });
}
