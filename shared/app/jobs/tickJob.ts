/** What a timer tick does: ask whether the job is due, and hand it to the queue if so (J-119). */
import type { Instant } from '../../domain/common/instants.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import { isDue } from '../../domain/jobs/transitions.ts';
import { isTakenByAnother } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Reads one row; writes nothing when the job is not due. Two ticks may send two messages: the lease lets one run. */
export async function tickJob(ports: SyncPorts, name: string): Promise<'queued' | 'notDue' | 'unknown'> {
  const stored = await ports.jobs.get(name);
  if (stored === null) return 'unknown';
  const now = ports.clock.now();
  if (!isDue(stored.entry, now) && !(await hasDied(ports, stored.entry, now))) return 'notDue';
  await ports.queue.send({ job: name, runId: ports.ids.runId(now), trigger: 'timer', followedBy: [] });
  return 'queued';
}

/** An entry in process without a run that works on it: the host went away in the middle of it (J-123). */
async function hasDied(ports: SyncPorts, entry: JobQueueEntry, now: Instant): Promise<boolean> {
  if (entry.status !== 'inProcess' || entry.earliestStart > now) return false;
  return !(await isTakenByAnother(ports, entry.name, null));
}
