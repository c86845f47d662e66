/** docs/rules.md is generated from the titles of the tests; `UPDATE_DOCS=1 npm test -- test/docs` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Citation, citations, rulesIn, titlesIn } from './ruleCitations.ts';
import { ruleWordings } from './ruleWordings.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const file = join(docs, 'rules.md');
const mostShown = 3;

/** Rules of mappings and actions that are not part of this version yet; a rule leaves the list with its first test. */
const coveredElsewhere: Readonly<Record<number, string>> = {};

/** Rules that docs/deviations.md names in the first column of a row. */
function deviatingRules(): ReadonlySet<number> {
  const rows = readFileSync(join(docs, 'deviations.md'), 'utf8').split('\n');
  return new Set(rows.flatMap((row) => rulesIn(row.split('|')[1] ?? '')));
}

const cited = citations();
const deviating = deviatingRules();
const rules = Object.keys(ruleWordings).map(Number);
const testsOf = (rule: number) => cited.filter((citation) => citation.rules.includes(rule));

function shown({ file: path, title }: Citation): string {
  return `${path}: ${title.replaceAll('|', '\\|')}`;
}

function placeOf(rule: number): string {
  const tests = testsOf(rule);
  const more = tests.length - mostShown;
  return [
    ...tests.slice(0, mostShown).map(shown),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(deviating.has(rule) ? ['[deviation](deviations.md)'] : []),
    ...(rule in coveredElsewhere ? [`not yet: ${coveredElsewhere[rule]}`] : []),
  ].join('<br>');
}

function page(): string {
  const rows = rules.map((rule) => `| E-${rule} | ${ruleWordings[rule]} | ${placeOf(rule)} |`);
  return `# Rules and their tests

Generated from the titles of the tests and the \`rules\` lists of the scenarios. The rules are those of
[sync-engine](reference/sync-engine.md), sections 1 to 7, 9 and 13 to 15; where this product departs from one, [deviations](deviations.md)
says how and why.

| rule | what it is about | tested by |
| --- | --- | --- |
${rows.join('\n')}
`;
}

describe('the rules of the synchronisation engine', () => {
  it('are each named by a test, or by a deviation with its reason', () => {
    const open = rules.filter((rule) => testsOf(rule).length === 0 && !deviating.has(rule));
    expect(open.filter((rule) => !(rule in coveredElsewhere)).map((rule) => `E-${rule}`)).toEqual([]);
  });

  it('are not said to be missing once a test names them', () => {
    const proven = Object.keys(coveredElsewhere).filter((rule) => testsOf(Number(rule)).length > 0);
    expect(proven.map((rule) => `E-${rule}`)).toEqual([]);
  });

  it('are those of the reference', () => {
    const reference = readFileSync(join(docs, 'reference', 'sync-engine.md'), 'utf8');
    const sections = reference
      .split(/^## (?=\d+\. )/m)
      .filter((section) => /^(?:[1-79]|1[345])\. /.test(section));
    const stated = sections.flatMap((section) =>
      [...section.matchAll(/^E-(\d+)/gm)].map((match) => Number(match[1])),
    );
    expect(stated.toSorted((left, right) => left - right)).toEqual(rules);
  });
});

describe('docs/rules.md', () => {
  it('tells where each rule is tested', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync(file, page());
    expect(readFileSync(file, 'utf8')).toBe(page());
  });
});

describe('the titles of tests', () => {
  it('are found with and without tables, over several lines, in every kind of quotes, but not when skipped', () => {
    const source = [
      "it('one (E-901)', () => {});",
      'test.each([1])(\n  "two (E-902)", () => {});',
      'describe(`three (E-903)`, () => {});',
      "it.skip('four (E-904)', () => {});",
      "// it is about 'five (E-905)'",
      "it('six \\'s (E-906, E-907)', () => {});",
    ].join('\n');
    expect(titlesIn(source).flatMap((title) => rulesIn(title))).toEqual([901, 902, 903, 906, 907]);
  });
});
