/**
 * A week of two companies at work, in virtual time: the app's own triggers, ticks, queue and webhooks over both
 * simulators. WEEK_SEED repeats a week. When runs are due is worked out by expectation.ts from the rules alone.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, notArrived } from './converged.ts';
import {
  concerns,
  concernsTable,
  type ExpectedRun,
  expectedRuns,
  type ObservedRun,
  seedJobs,
} from './expectation.ts';
import { figuresTable } from './figures.ts';
import { neverHeldFrequencyMinutes, play, type Simulation, type Stretch, startSimulation } from './week.ts';

const seed = Number(process.env['WEEK_SEED'] ?? Date.now() % 1_000_000);
const minuteMs = 60_000;
/** Two passes of four minutes. */
const longestRunMs = 8 * minuteMs;
const neverHeld = ['RESOURCE-PRODUCT'];

const runsOf = ({ runs }: Stretch, job: string) => runs.filter((run) => run.job === job);
const covers = ({ startMs, endMs }: ObservedRun, atMs: number) => startMs <= atMs && atMs < endMs;

/** Instants at which a job was told of a change it has to look at: by a user, or by another job (J-74), and not lost. */
function toldOf(week: Stretch, job: string): readonly number[] {
  const own = runsOf(week, job);
  // A run reads first, which takes time, and writes then: what changed in its first millisecond was not its doing.
  const isEcho = (atMs: number) =>
    !week.userEditsMs.has(atMs) && own.some(({ startMs, endMs }) => startMs < atMs && atMs <= endMs);
  const entries = week.host.told.filter(
    ({ entitySet, isLost, changedAtMs, changeType }) =>
      !isLost && changeType !== 'deleted' && concerns(job, entitySet) && !isEcho(changedAtMs),
  );
  const { wakeOnDataverseChange } = week.options;
  const bySales = week.edits.filter(
    ({ side, of }) => wakeOnDataverseChange && side === 'dataverse' && concernsTable(job, of),
  );
  return [...new Set([...entries, ...bySales].map(({ atMs }) => atMs))]
    .filter((atMs) => week.fromMs <= atMs && atMs <= week.toMs)
    .toSorted((left, right) => left - right);
}

function jobOf({ firstPlannedMs }: Stretch, name: string) {
  const isNeverHeld = neverHeld.includes(name);
  return {
    name,
    frequencyMinutes: isNeverHeld ? neverHeldFrequencyMinutes : 30,
    inactivityMinutes: isNeverHeld ? 0 : (seedJobs[name]?.inactivityMinutes ?? 1440),
    firstPlannedMs: firstPlannedMs.get(name) ?? Number.NaN,
  };
}

function expectationOf(week: Stretch, name: string): readonly ExpectedRun[] {
  return expectedRuns(jobOf(week, name), runsOf(week, name), toldOf(week, name));
}

/** Intervals that begin before another one, of another run, has ended. */
function overlapsOf<One extends { startMs: number; endMs: number; runId?: string }>(
  all: readonly One[],
): readonly One[] {
  return all.filter((one) =>
    all.some(
      (other) =>
        other !== one &&
        other.startMs < one.endMs &&
        one.startMs < other.endMs &&
        (one.runId ?? 1) !== (other.runId ?? 2),
    ),
  );
}

/** Whether another job of the category was at work all the time between two instants (J-44, J-46). */
function wasBusy(week: Stretch, job: string, fromMs: number, toMs: number): boolean {
  const category = seedJobs[job]?.category ?? null;
  const others = week.runs.filter((run) => run.job !== job && seedJobs[run.job]?.category === category);
  let atMs = fromMs;
  while (category !== null && atMs < toMs) {
    const busy = others.find((run) => covers(run, atMs));
    if (busy === undefined) return false;
    atMs = busy.endMs;
  }
  return atMs === toMs;
}

function tell(title: string, week: Stretch): void {
  const figures = [...week.firstPlannedMs.keys()].toSorted().map((job) => ({
    job,
    runs: runsOf(week, job),
    expected: expectationOf(week, job),
    told: toldOf(week, job).length,
  }));
  const told = week.host.told.filter(({ atMs }) => atMs >= week.fromMs);
  const lost = told.filter(({ isLost }) => isLost).length;
  const { businessCentral, dataverse } = week.requests;
  process.stdout.write(
    `${title}, WEEK_SEED=${seed}: ${week.edits.length} edits, ${told.length} notifications of which ${lost} ` +
      `were lost, ${businessCentral} + ${dataverse} requests, ${(week.tookMs / 1000).toFixed(1)} s of processor time\n${figuresTable(figures)}\n`,
  );
}

/** What holds whatever happens. */
function describeStretch(current: () => Stretch): void {
  it('starts every run exactly when the rules say, or when its category is free (J-25, J-36, J-54, J-57, J-65, J-73)', () => {
    const week = current();
    for (const name of week.firstPlannedMs.keys()) {
      const expected = expectationOf(week, name);
      const wrong = runsOf(week, name).flatMap(({ startMs }, index) => {
        const plannedMs = expected[index]?.plannedMs ?? Number.NaN;
        if (startMs === plannedMs || wasBusy(week, name, plannedMs, startMs)) return [];
        const cause = expected[index]?.cause;
        return [{ name, index, cause, planned: new Date(plannedMs), started: new Date(startMs) }];
      });
      expect(wrong).toEqual([]);
      const next = expected.at(-1)?.plannedMs ?? 0;
      expect(next >= week.toMs || wasBusy(week, name, next, week.toMs), `${name} has a run left`).toBe(true);
    }
  });

  it('never lets a mapping be worked on twice at once, nor two jobs of one category (J-26, J-44)', () => {
    const { rows, runs } = current();
    const intervals = rows.map(({ mapping, runId, startedAt, finishedAt }) => ({
      ...{ group: String(mapping), runId },
      startMs: Date.parse(startedAt),
      endMs: Date.parse(finishedAt ?? ''),
    }));
    expect(intervals.filter(({ endMs }) => Number.isNaN(endMs))).toEqual([]);
    for (const { name } of current().world.mappings) {
      expect(overlapsOf(intervals.filter(({ group }) => group === name))).toEqual([]);
    }
    expect(overlapsOf(runs.filter(({ job }) => seedJobs[job]?.category === 'BCI CUST'))).toEqual([]);
  });

  it('lets no trigger fail, no message come again and no run break off', () => {
    const { host } = current();
    expect(host.failures).toEqual([]);
    const bad = ['job-failed', 'job-interrupted', 'message-repeated', 'subscription-failed', 'http-retry'];
    expect(bad.filter((event) => host.events.has(event))).toEqual([]);
  });

  it('brings everything users typed to the other side, whatever was lost (P3, J-122)', async () => {
    expect(await notArrived(current())).toEqual([]);
    const after = await differences(current());
    expect(after.filter((difference) => !before.includes(difference))).toEqual([]);
  });
}

let simulation: Simulation;
let before: readonly string[];

beforeAll(async () => {
  simulation = await startSimulation({ seed, lossShare: 0.2, neverHeld });
  before = await differences(simulation);
}, 120_000);
afterAll(() => simulation.close());

describe('a week in which a fifth of the notifications is lost', () => {
  let week: Stretch;
  beforeAll(async () => {
    week = await play(simulation, { hours: 168, quietHours: 28, edits: 60, wakeOnDataverseChange: false });
    tell('A week', week);
  }, 120_000);

  describeStretch(() => week);

  it('holds jobs that nothing happens to, and runs them again after 720 or 1440 minutes, half a day or a day (J-54, J-59, J-78)', () => {
    // Nobody edits units of measure, price groups or payment terms, so each of their runs follows a full hold.
    for (const job of ['UNIT OF MEASURE', 'CUSTPRCGRP-PRICE', 'PAYMENT TERMS']) {
      const holdMs = (seedJobs[job]?.inactivityMinutes ?? 1440) * minuteMs;
      const runs = runsOf(week, job);
      expect(new Set(gapsOf(runs))).toEqual(new Set([holdMs]));
      const spanMs = week.toMs - (week.firstPlannedMs.get(job) ?? Number.NaN);
      expect(runs.length).toBeLessThanOrEqual(1 + Math.floor(spanMs / holdMs));
      expect(runs.length).toBeGreaterThanOrEqual(1 + Math.floor(spanMs / (holdMs + longestRunMs)));
    }
  });

  it('never holds a job whose timeout is 0, idle as it is (J-55)', () => {
    for (const job of neverHeld) {
      const runs = runsOf(week, job);
      expect(runs.every(({ work }) => work === 0)).toBe(true);
      expect(new Set(gapsOf(runs))).toEqual(new Set([neverHeldFrequencyMinutes * minuteMs]));
    }
  });

  it('is woken by changes in Business Central only, never by changes in Sales (J-60)', () => {
    expect(week.edits.filter(({ side }) => side === 'dataverse').length).toBeGreaterThan(10);
    const expected = [...week.firstPlannedMs.keys()].map((job) => wakesOf(week, job));
    expect(week.wakes).toBe(expected.reduce((sum, wakes) => sum + wakes, 0));
  });

  it('loses notifications, and keeps its subscriptions by renewing them every day', async () => {
    const { told, events } = week.host;
    expect(told.some(({ isLost }) => isLost)).toBe(true);
    const subscribed = (await week.world.subscriptions.list()).length;
    expect(subscribed).toBeGreaterThanOrEqual(new Set(told.map(({ entitySet }) => entitySet)).size);
    // Made once, renewed at least once in each 24 hours since.
    expect(events.get('subscription-changed')).toBeGreaterThanOrEqual(subscribed * 7);
  });
});

describe('a day and a half on which changes in Sales wake, too (J-70, J-71)', () => {
  let days: Stretch;
  beforeAll(async () => {
    days = await play(simulation, { hours: 36, quietHours: 26, edits: 15, wakeOnDataverseChange: true });
    tell('A day and a half with WAKE_ON_DATAVERSE_CHANGE', days);
  }, 120_000);

  describeStretch(() => days);

  it('let a job look at a change in Sales within a minute, or as soon as it is free (J-65, J-71)', () => {
    const ofSales = days.edits.filter(({ side }) => side === 'dataverse');
    expect(ofSales.length).toBeGreaterThan(0);
    for (const { atMs, arrives } of ofSales) {
      const run = days.runs.find(({ job, startMs }) => job === arrives?.mapping && startMs >= atMs);
      const delayMs = (run?.startMs ?? Number.POSITIVE_INFINITY) - atMs;
      const isPrompt = delayMs <= minuteMs || isLateForAReason(days, arrives?.mapping ?? '', atMs);
      expect(isPrompt, `${arrives?.mapping} ${delayMs} ms after ${new Date(atMs).toISOString()}`).toBe(true);
    }
  });
});

/** A run of the job itself, or one of its category, was under way in the minute after the change. */
function isLateForAReason({ runs }: Stretch, job: string, atMs: number): boolean {
  const category = seedJobs[job]?.category ?? job;
  const concerned = runs.filter((run) => (seedJobs[run.job]?.category ?? run.job) === category);
  return concerned.some(({ startMs, endMs }) => startMs < atMs + minuteMs && endMs > atMs);
}

/** Runs brought forward by a wake, the next one included. */
function wakesOf(stretch: Stretch, job: string): number {
  return expectationOf(stretch, job).filter(({ cause }) => cause === 'wake').length;
}

/** Milliseconds from the end of each run to the start of the next. */
function gapsOf(runs: readonly ObservedRun[]): readonly number[] {
  return runs.slice(1).map(({ startMs }, index) => startMs - (runs[index]?.endMs ?? 0));
}
