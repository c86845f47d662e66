/** Interrupts a phase at many points and checks after each that the end is that of an undisturbed run. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EndState } from './endState.ts';
import type { CrashPoint } from './mortalHost.ts';
import { allPoints, choosePoints, isVital, pointName } from './points.ts';
import { type Phase, play, type Repetition } from './scenario.ts';

const longestMs = 30 * 60_000;

interface Interrupted {
  readonly point: CrashPoint;
  readonly repetition: Repetition;
}

/** What is in one list and not in the other, repeated lines counted. */
function difference(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const missing = [...expected];
  const extra = actual.filter((line) => {
    const index = missing.indexOf(line);
    if (index >= 0) missing.splice(index, 1);
    return index < 0;
  });
  return [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)];
}

/** Levels at which a host can die: port calls, or single requests and table operations. */
export type Level = 'port' | 'wire';

/** Registers the tests of one phase and level. `isOwnKind` tells the points of which each call has its own share of a sample. */
export function checkCrashes(
  phase: Phase,
  prefix: Level,
  isOwnKind: (point: CrashPoint) => boolean = isVital,
): void {
  describe(`${phase.name}, with the host dying at a ${prefix} call`, () => {
    const interrupted: Interrupted[] = [];
    let undisturbed: Repetition;

    beforeAll(async () => {
      const from = await phase.prepare();
      undisturbed = await play(phase, from, null);
      const counts = new Map([...undisturbed.counts].filter(([call]) => call.startsWith(`${prefix}.`)));
      const { points, description } = choosePoints(
        allPoints(counts),
        isOwnKind,
        process.env,
        Date.now() % 100_000,
      );
      process.stdout.write(`${phase.name}, ${prefix} calls: ${description}\n`);
      for (const point of points) interrupted.push({ point, repetition: await play(phase, from, point) });
    }, longestMs);

    /** By point, what differs; only points where something does. */
    const findings = (differing: (repetition: Repetition) => readonly string[]) =>
      interrupted.flatMap(({ point, repetition }) => {
        const lines = differing(repetition);
        return lines.length === 0 ? [] : [[pointName(point), ...lines].join('\n    ')];
      });
    const endDifference = (part: keyof EndState) =>
      findings(({ end }) => difference(undisturbed.end[part], end[part]));

    it('comes to a quiet end undisturbed, so that there is something to compare with', () => {
      expect(undisturbed.laterWrites).toEqual([]);
      expect(undisturbed.end.faults).toEqual([]);
      expect(undisturbed.end.jobs.filter((job) => !job.includes('"outcome":"success"'))).toEqual([]);
      expect(undisturbed.end.openErrors.length).toBeGreaterThan(0);
    });

    it('dies at every chosen point', () => {
      expect(findings(({ died }) => (died ? [] : ['was not reached']))).toEqual([]);
      expect(interrupted.length).toBeGreaterThan(0);
    });

    it('ends with the same records on both sides: none twice, none missing, no edit lost (P1, P2, P3)', () => {
      expect.soft(endDifference('records')).toEqual([]);
    });

    it('ends with the same couplings, one-to-one in both directions of the index, and no intent (P8)', () => {
      expect.soft(endDifference('couplings')).toEqual([]);
      expect.soft(endDifference('faults')).toEqual([]);
    });

    it('forgets no failing record: each has its open error and waits on the retry list (P5)', () => {
      expect.soft(endDifference('retries')).toEqual([]);
      expect.soft(endDifference('openErrors')).toEqual([]);
    });

    it('keeps watermarks behind what was recorded (P7)', () => {
      expect(findings(({ unearned }) => unearned)).toEqual([]);
    });

    it('leaves every job as if nothing had happened, within two rounds of ticks (J-123)', () => {
      expect.soft(endDifference('jobs')).toEqual([]);
    });

    it('writes nothing in a third round (P3, P4)', () => {
      expect(findings(({ laterWrites }) => laterWrites)).toEqual([]);
    });

    it('closes the errors of a record once a user has repaired it', () => {
      const parts = ['records', 'couplings', 'retries', 'openErrors'] as const;
      for (const part of parts) {
        expect
          .soft(findings(({ repaired }) => difference(undisturbed.repaired[part], repaired[part])))
          .toEqual([]);
      }
    });
  });
}
