/** docs/telemetry.md names every event that the code logs, and none that it does not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const logCall =
  /\b\w*(?:[lL]og|say)\(\s*(?:'(?:trace|information|warning|error)'|level),\s*'([a-z][a-z0-9-]*)'/g;

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|contract)\.ts$|testing[\\/]/.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

function loggedEvents(): readonly string[] {
  const texts = [...sources('shared'), ...sources('functions')];
  const names = texts.flatMap((text) => [...text.matchAll(logCall)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}

function documentedEvents(): readonly string[] {
  const page = readFileSync(join(root, 'docs', 'telemetry.md'), 'utf8');
  return [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name = '']) => name);
}

describe('docs/telemetry.md', () => {
  it('names every event once, in order, and no other (J-113 to J-116)', () => {
    expect(documentedEvents()).toEqual([...documentedEvents()].sort());
    expect(documentedEvents()).toEqual(loggedEvents());
  });

  it('is checked against calls that are there to be found', () => {
    expect(loggedEvents()).toEqual(
      expect.arrayContaining(['job-started', 'job-planned', 'invalid-settings']),
    );
    expect(loggedEvents().length).toBeGreaterThan(20);
  });
});
