/** Every rule of docs/reference/jobs.md is named by a test, told by another page's rule, or deviated from with a reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { citations, type RuleLetter, rulesIn } from './ruleCitations.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** Rules that sync-engine.md states again, by its numbers; there they are tested. */
const statedAgain: Readonly<Record<number, number>> = {
  88: 10,
  89: 11,
  90: 50,
  91: 16,
  93: 157,
  94: 156,
  95: 126,
  96: 149,
  97: 149,
  98: 52,
  99: 52,
  100: 57,
  101: 25,
  102: 52,
  103: 47,
};

function stated(): readonly number[] {
  const reference = readFileSync(join(docs, 'reference', 'jobs.md'), 'utf8');
  return [...reference.matchAll(/^J-(\d+)/gm)].map((match) => Number(match[1]));
}

/** `J-5 to J-9` names all five. */
function deviating(): readonly number[] {
  const rows = readFileSync(join(docs, 'deviations.md'), 'utf8').split('\n');
  return rows.flatMap((row) => rulesIn(row.split('|')[1] ?? '', 'J'));
}

const named = (letter: RuleLetter) => new Set(citations(letter).flatMap(({ rules }) => rules));

describe('the rules of jobs', () => {
  it('are 124, each named by a test, or by a deviation with its reason (J-124)', () => {
    const rules = stated();
    expect(new Set(rules)).toEqual(new Set(Array.from({ length: 124 }, (_, index) => index + 1)));
    const known = new Set([...named('J'), ...deviating(), ...Object.keys(statedAgain).map(Number)]);
    expect(rules.filter((rule) => !known.has(rule)).map((rule) => `J-${rule}`)).toEqual([]);
  });

  it('that are stated again are tested, or deviated from, under the other number', () => {
    const deviations = readFileSync(join(docs, 'deviations.md'), 'utf8');
    const elsewhere = new Set([...named('E'), ...rulesIn(deviations, 'E')]);
    const untested = Object.values(statedAgain).filter((rule) => !elsewhere.has(rule));
    expect(untested.map((rule) => `E-${rule}`)).toEqual([]);
  });
});
