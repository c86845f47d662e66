/** What a timer tick does: ask whether the job is due, and hand it to the queue if so (J-119). */
import { isDue } from '../../domain/jobs/dispatch.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { interruptRun } from './interruptRun.ts';
import { hasDied } from './liveRun.ts';

/** What a tick found. */
export type TickAnswer = 'queued' | 'notDue' | 'interrupted' | 'disabled' | 'unknown';

/**
 * Reads one row, and the switch of the integration when the job is due; writes nothing when the job is not due. Two ticks may send two messages: the entry lets one begin. A
 * run that died with its host is noted, and tried again later.
 */
export async function tickJob(ports: SyncPorts, name: string): Promise<TickAnswer> {
  if (ports.policy.disabledJobs.includes(name)) return 'disabled';
  const stored = await ports.jobs.get(name);
  if (stored === null) return 'unknown';
  const { entry, version } = stored;
  const now = ports.clock.now();
  if (isDue(entry, now)) {
    if (!(await ports.jobs.integration()).state.enabled) return 'disabled';
    const trigger = entry.woken ? 'wake' : 'timer';
    await ports.queue.send({ job: name, runId: ports.ids.runId(now), trigger, followedBy: [] });
    return 'queued';
  }
  if (!(await hasDied(ports, entry))) return 'notDue';
  await interruptRun(ports, entry, version);
  return 'interrupted';
}
