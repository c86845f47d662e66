/** The one time of a local run: the host's clock leads, the simulators' clock follows. */
import { createHostClock, type HostClock } from '../functionsHost/host.ts';
import type { SimulatorClock } from '../simulators/common/clock.ts';

/**
 * A host clock that begins `aheadMs` ahead of the real one, as a kept state left it: its records and watermarks have
 * times that real time has not reached yet.
 */
export function createHostClockAhead(realNow: () => number, aheadMs: number): HostClock {
  const clock = createHostClock(() => realNow() + aheadMs);
  return {
    now: () => clock.now(),
    offsetMs: () => clock.offsetMs() + aheadMs,
    schedule: (dueMs, task) => clock.schedule(dueMs, task),
    advance: (byMs, onStep) => clock.advance(byMs, onStep),
    stop: () => clock.stop(),
  };
}

/** Moves the simulators to where the host's clock stands now; never backwards. */
export async function follow(simulators: SimulatorClock, host: HostClock): Promise<void> {
  await simulators.advance(Math.max(0, host.now() - simulators.now()));
}
