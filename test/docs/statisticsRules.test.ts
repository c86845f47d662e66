/** Every rule of statistics.md is named by the title of a test, or by a deviation with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { titlesIn } from './ruleCitations.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');
const rulesIn = (text: string) => [...text.matchAll(/\bST-(\d+)\b/g)].map((match) => Number(match[1]));

function tested(): readonly number[] {
  return ['functions', 'local', 'shared', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(test|contract)\.ts$/.test(path))
      .flatMap((path) => titlesIn(read(folder, path)).flatMap(rulesIn)),
  );
}

describe('the rules of statistics and item availability', () => {
  it('are each named by a test, or by a deviation with its reason', () => {
    const stated = [...read('docs', 'reference', 'statistics.md').matchAll(/^- \*\*ST-(\d+)\*\*/gm)];
    const rows = read('docs', 'deviations.md').split('\n');
    const known = new Set([...tested(), ...rows.flatMap((row) => rulesIn(row.split('|')[1] ?? ''))]);
    expect(stated).toHaveLength(42);
    expect(stated.map((match) => Number(match[1])).filter((rule) => !known.has(rule))).toEqual([]);
  });
});
