/** Makes a planned run punctual between two ticks of its timer (DESIGN, Being due). */
import { toEpochMs } from '../../domain/common/instants.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import type { SyncPorts } from '../syncPorts.ts';

/**
 * Has the job asked at its planned start. Only latency depends on it: the question may be lost, come twice, or come when
 * the plan has changed. Safe to repeat.
 */
export async function askWhenDue({ queue, clock, policy }: SyncPorts, entry: JobQueueEntry): Promise<void> {
  const isPlanned = entry.status === 'ready' || entry.status === 'onHoldInactivity';
  if (!isPlanned || policy.disabledJobs.includes(entry.name)) return;
  const delayMs = toEpochMs(entry.earliestStart) - toEpochMs(clock.now());
  await queue.ask(entry.name, Math.max(0, delayMs) / 1000);
}
