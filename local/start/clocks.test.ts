/** The host's clock leads, the simulators follow. */
import { expect, test } from 'vitest';
import { createSimulatorClock } from '../simulators/common/clock.ts';
import { createHostClockAhead, follow } from './clocks.ts';

const realNow = () => 1_000_000;

test('a clock that begins ahead tells so, and keeps its lead when it is moved', async () => {
  const clock = createHostClockAhead(realNow, 5000);
  expect([clock.now(), clock.offsetMs()]).toEqual([1_005_000, 5000]);
  const due: number[] = [];
  clock.schedule(1_006_000, async ({ dueMs }) => void due.push(dueMs));
  await clock.advance(2000, async () => undefined);
  expect([clock.now(), clock.offsetMs()]).toEqual([1_007_000, 7000]);
  expect(due).toEqual([1_006_000]);
  clock.stop();
});

test('simulators go exactly where the host stands, and never back', async () => {
  const host = createHostClockAhead(realNow, 0);
  const simulators = createSimulatorClock({ startMs: 999_000, manual: true });
  await follow(simulators, host);
  expect(simulators.now()).toBe(1_000_000);
  await simulators.advance(500);
  await follow(simulators, host);
  expect(simulators.now()).toBe(1_000_500);
});
