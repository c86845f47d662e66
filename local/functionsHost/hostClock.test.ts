/** The movable clock: order, standing still while tasks run, steps, real time. */
import { describe, expect, it } from 'vitest';
import { createHostClock } from './hostClock.ts';

const startMs = 1_000_000;
const noStep = () => Promise.resolve();

describe('advance', () => {
  it('runs due tasks in time order with the clock at their instant, and ends at the target', async () => {
    const clock = createHostClock(() => startMs);
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name}@${clock.now() - startMs}`);
    };
    clock.schedule(startMs + 300, task('late'));
    clock.schedule(startMs + 100, task('early'));
    clock.schedule(startMs + 900, task('beyond'));
    await clock.advance(500, noStep);
    expect(seen).toEqual(['early@100', 'late@300']);
    expect(clock.now()).toBe(startMs + 500);
    expect(clock.offsetMs()).toBe(500);
    clock.stop();
  });

  it('awaits each task before the clock goes on, and runs what it schedules within the span', async () => {
    const clock = createHostClock(() => startMs);
    const seen: number[] = [];
    const tick = async ({ dueMs }: { dueMs: number }): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(clock.now() - startMs);
      clock.schedule(dueMs + 100, tick);
    };
    clock.schedule(startMs + 100, tick);
    await clock.advance(350, noStep);
    expect(seen).toEqual([100, 200, 300]);
    clock.stop();
  });

  it('awaits onStep before the tasks of the instant; the steps add up to the span', async () => {
    const clock = createHostClock(() => startMs);
    const seen: string[] = [];
    clock.schedule(startMs + 100, async () => {
      seen.push('task');
    });
    await clock.advance(250, async (byMs) => {
      await Promise.resolve();
      seen.push(`step ${byMs}`);
    });
    expect(seen).toEqual(['step 100', 'task', 'step 150']);
    clock.stop();
  });

  it('queues overlapping calls and never runs a cancelled task', async () => {
    const clock = createHostClock(() => startMs);
    let runs = 0;
    const cancel = clock.schedule(startMs + 10, async () => {
      runs += 1;
    });
    cancel();
    await Promise.all([clock.advance(50, noStep), clock.advance(70, noStep)]);
    expect(clock.offsetMs()).toBe(120);
    expect(runs).toBe(0);
    clock.stop();
  });

  it('goes on working after an advance whose step failed', async () => {
    const clock = createHostClock(() => startMs);
    await expect(clock.advance(10, () => Promise.reject(new Error('simulator gone')))).rejects.toThrow(
      'simulator gone',
    );
    await clock.advance(10, noStep);
    expect(clock.offsetMs()).toBe(20);
    clock.stop();
  });
});

describe('real time', () => {
  it('fires a task when its instant comes, not marked as advancing', async () => {
    const clock = createHostClock(Date.now);
    const isAdvancing = await new Promise<boolean>((resolve) => {
      clock.schedule(clock.now() + 20, async (occasion) => resolve(occasion.isAdvancing));
    });
    expect(isAdvancing).toBe(false);
    clock.stop();
  });
});
