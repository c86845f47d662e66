/** Whether the run that an entry tells of is still at work. */
import { type Instant, shift } from '../../domain/common/instants.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import { isTakenByAnother } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A run marks its entry first and takes its mapping's lease at once after it. */
const startGraceMs = 60_000;

/** True for an entry in process whose run has not held its lease for too long: its host went away (J-123). */
export async function hasDied(ports: SyncPorts, entry: JobQueueEntry): Promise<boolean> {
  if (entry.status !== 'inProcess' || isStarting(entry, ports.clock.now())) return false;
  return !(await isTakenByAnother(ports, entry.name, null));
}

/** Whether a run began so shortly ago that it may not hold its lease yet. */
export function isStarting({ status, lastRun }: JobQueueEntry, now: Instant): boolean {
  return status === 'inProcess' && lastRun !== null && shift(lastRun.startedAt, startGraceMs) > now;
}
