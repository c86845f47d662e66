/** What a timer tick does: ask whether the job is due, and hand it to the queue if so (J-119). */
import { isDue } from '../../domain/jobs/transitions.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Reads one row; writes nothing when the job is not due. Two ticks may send two messages: the lease lets one run. */
export async function tickJob(ports: SyncPorts, name: string): Promise<'queued' | 'notDue' | 'unknown'> {
  const stored = await ports.jobs.get(name);
  if (stored === null) return 'unknown';
  const now = ports.clock.now();
  if (!isDue(stored.entry, now)) return 'notDue';
  await ports.queue.send({ job: name, runId: ports.ids.runId(now), trigger: 'timer', followedBy: [] });
  return 'queued';
}
