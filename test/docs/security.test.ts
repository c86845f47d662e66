/** docs/security.md names a test for every threat, and docs/operations.md events and alerts there are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const threats = read('security.md')
  .split('\n')
  .filter((line) => line.startsWith('| **'))
  .map((line) => line.split(' | '))
  .map(([threat = '', , tests = '']) => ({
    threat: threat.slice(2),
    tests: tests.replace(/ \|$/, '').split(', '),
  }));

describe('docs/security.md', () => {
  it('answers every threat with tests that there are', () => {
    expect(threats.length).toBeGreaterThan(15);
    for (const { threat, tests } of threats) {
      const missing = tests.filter(
        (file) => !/\.(test|contract)\.ts$/.test(file) || !existsSync(join(root, file)),
      );
      expect([threat, missing]).toEqual([threat, []]);
    }
  });

  it.each([
    'Spoofed notifications',
    'Replayed notifications',
    'SSRF',
    'OData injection',
    'Secrets in logs',
    'Denial of service',
    'Oversized bodies',
    'Slow bodies',
    'Role escalation',
    'Path and header tricks',
  ])('answers %s', (name) => {
    expect(threats.map(({ threat }) => threat).join()).toContain(name);
  });

  it('tells where personal data lies', () => {
    expect(read('security.md')).toContain('## Personal data at rest');
  });
});

describe('docs/operations.md', () => {
  it('names events that the app logs only', () => {
    const events = [...read('telemetry.md').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name = '']) => name);
    const named = [...read('operations.md').matchAll(/events? `([a-z-]+)`/gi)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !events.includes(name))).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  it('gives a reason for every package, pinned to one version', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const rows = [...read('dependencies.md').matchAll(/^\| ([^|]+) \| [^|]{4,} \|$/gm)].map(
      ([, names = '']) => names,
    );
    const told = rows.flatMap((names) => names.split(', '));
    expect(all.filter(([name, version]) => !told.includes(name) || !/^\d+\.\d+\.\d+$/.test(version))).toEqual(
      [],
    );
  });
});
