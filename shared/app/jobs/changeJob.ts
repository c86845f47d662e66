/** Changes a job queue entry against concurrent writers. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import type { SyncPorts } from '../syncPorts.ts';

const mostTries = 10;

/**
 * Applies `change` to the entry as it is now, again when another writer was first. Returns null when there is no such
 * job. Raises SyncFailure `job-busy` when others keep writing.
 */
export async function changeJob(
  ports: SyncPorts,
  name: string,
  change: (entry: JobQueueEntry) => JobQueueEntry,
): Promise<JobQueueEntry | null> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = await ports.jobs.get(name);
    if (stored === null) return null;
    const changed = change(stored.entry);
    if (changed === stored.entry) return changed;
    if ((await ports.jobs.replace(changed, stored.version)) !== null) return changed;
  }
  const message = `The job queue entry ${name} is being changed by others; try again.`;
  throw new SyncFailure({ kind: 'transient', code: 'job-busy', message });
}
