/** Ends what a run that died with its host left In Process. */
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import { interrupted } from '../../domain/jobs/transitions.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { askWhenDue } from './askWhenDue.ts';

/**
 * Counts the interrupted run as a failed attempt and plans the next, or ends in Error (J-48, J-123). Does nothing when
 * another writer was first. Safe to repeat. The caller has made sure that the run is dead.
 */
export async function interruptRun(ports: SyncPorts, entry: JobQueueEntry, version: string): Promise<void> {
  const { timeZone: zone, wakeDelayMs } = ports.policy;
  const after = interrupted(entry, { now: ports.clock.now(), zone, wakeDelayMs });
  if ((await ports.jobs.replace(after, version)) === null) return;
  const { attempts, status, lastRun } = after;
  ports.log('warning', 'job-interrupted', { job: entry.name, runId: lastRun?.runId, attempts, status });
  await askWhenDue(ports, after);
}
