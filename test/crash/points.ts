/** The points at which a phase is interrupted: all of them, or a sample that a seed decides. */
import { seededRandom } from '../../local/simulators/common/random.ts';
import { type CrashPoint, moments } from './mortalHost.ts';

/** Every call of an undisturbed run, before and after its effect. */
export function allPoints(counts: ReadonlyMap<string, number>): readonly CrashPoint[] {
  return [...counts].flatMap(([call, count]) =>
    Array.from({ length: count }, (_, index) => index + 1).flatMap((nth) =>
      moments.map((moment) => ({ call, nth, moment })),
    ),
  );
}

/** `size` different points, in the order of all. */
export function sampleOf(points: readonly CrashPoint[], size: number, seed: number): readonly CrashPoint[] {
  const random = seededRandom(seed);
  const drawn = points
    .map((point) => ({ point, rank: random() }))
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, size);
  const chosen = new Set(drawn.map(({ point }) => point));
  return points.filter((point) => chosen.has(point));
}

export interface Selection {
  readonly points: readonly CrashPoint[];
  /** How many of how many points, and how to repeat the choice. */
  readonly description: string;
}

/** Calls that change systems, couplings or error lists: what a crash breaks, it breaks around these. */
const vital =
  /^port\..*\.(create|update|addOptions|renameOptions|save|saveIntents|removeIntents|saveErrors|resolveErrors|remove)$/;

/** Right after a vital call. Right before it is mostly right after another call. */
export function isVital({ call, moment }: CrashPoint): boolean {
  return moment === 'after' && vital.test(call);
}

/** Of each vital call of a phase that many points are drawn, and of all the other points together; of these, that many are tried. */
const usualSampleSize = { ofEachVitalCall: 1, ofOthers: 2, altogether: 8 };

/**
 * CRASH=all takes every point; CRASH_SEED repeats a sample; `freshSeed` is used when neither is set, so that every run
 * tries other points. `isVital` tells the points of which each call has its own share.
 */
export function choosePoints(
  all: readonly CrashPoint[],
  isVital: (point: CrashPoint) => boolean,
  environment: Readonly<Record<string, string | undefined>>,
  freshSeed: number,
): Selection {
  if (environment['CRASH'] === 'all') return { points: all, description: `all ${all.length} points` };
  const seed = Number(environment['CRASH_SEED'] ?? freshSeed);
  const share = (points: readonly CrashPoint[], size: number) => sampleOf(points, size, seed);
  const vitalPoints = all.filter(isVital);
  const calls = [...new Set(vitalPoints.map(({ call }) => call))];
  const drawn = new Set([
    ...calls.flatMap((name) =>
      share(
        vitalPoints.filter(({ call }) => call === name),
        usualSampleSize.ofEachVitalCall,
      ),
    ),
    ...share(
      all.filter((point) => !isVital(point)),
      usualSampleSize.ofOthers,
    ),
  ]);
  const candidates = all.filter((point) => drawn.has(point));
  const points = share(candidates, usualSampleSize.altogether);
  return { points, description: `${points.length} of ${all.length} points, CRASH_SEED=${seed}` };
}

export function pointName({ call, nth, moment }: CrashPoint): string {
  return `${moment} ${call} #${nth}`;
}
