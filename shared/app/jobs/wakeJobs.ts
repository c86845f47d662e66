/** Brings jobs forward because something happened that they are to look at (J-65, A-57). */
import { woken } from '../../domain/jobs/wake.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { askWhenDue } from './askWhenDue.ts';
import { changeJob } from './changeJob.ts';

/** Why jobs are woken. */
export const wakeReasons = [
  'businessCentralChange',
  'dataverseChange',
  'subscriptionCreated',
  'retry',
] as const;
export type WakeReason = (typeof wakeReasons)[number];

/**
 * Wakes jobs; gives the names of those whose plan changed. Jobs that are on hold, in error, never scheduled, unknown, or
 * due shortly anyway stay as they are. Safe to repeat: a second wake changes nothing (J-121).
 */
export async function wakeJobs(
  ports: SyncPorts,
  names: readonly string[],
  reason: WakeReason,
): Promise<readonly string[]> {
  const scheduled = [...new Set(names)].filter((name) => !ports.policy.disabledJobs.includes(name));
  const results = await Promise.all(scheduled.map((name) => wakeOne(ports, name, reason)));
  return scheduled.filter((_, index) => results[index]);
}

async function wakeOne(ports: SyncPorts, name: string, reason: WakeReason): Promise<boolean> {
  const timing = { now: ports.clock.now(), wakeDelayMs: ports.policy.wakeDelayMs };
  let plannedBefore: string | null = null;
  const entry = await changeJob(ports, name, (stored) => {
    const after = woken(stored, timing);
    plannedBefore = after === stored ? null : stored.earliestStart;
    return after;
  });
  if (entry === null || plannedBefore === null) return false;
  const { earliestStart, status } = entry;
  ports.log('information', 'job-woken', { job: name, reason, status, earliestStart, plannedBefore });
  await askWhenDue(ports, entry);
  return true;
}
