/** Brings jobs forward because something happened that they are to look at. */
import { woken } from '../../domain/jobs/wake.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { changeJob } from './changeJob.ts';
import { tickJob } from './tickJob.ts';

/** Why jobs are woken. */
export const wakeReasons = ['retry'] as const;
export type WakeReason = (typeof wakeReasons)[number];

/**
 * Wakes jobs; gives the names of those whose plan changed. Jobs that are on hold, in error, unknown or due already stay as
 * they are. Safe to repeat: a second wake changes nothing.
 */
export async function wakeJobs(
  ports: SyncPorts,
  names: readonly string[],
  reason: WakeReason,
): Promise<readonly string[]> {
  const woke: string[] = [];
  for (const name of names) if (await wakeOne(ports, name, reason)) woke.push(name);
  return woke;
}

async function wakeOne(ports: SyncPorts, name: string, reason: WakeReason): Promise<boolean> {
  let plannedBefore: string | null = null;
  const entry = await changeJob(ports, name, (stored) => {
    const after = woken(stored, { now: ports.clock.now() });
    plannedBefore = after === stored ? null : stored.earliestStart;
    return after;
  });
  if (entry === null || plannedBefore === null) return false;
  ports.log('information', 'job-woken', { job: name, reason, plannedBefore });
  await tickJob(ports, name);
  return true;
}
