/** Jobs of one category do not run at once (J-44, J-46, J-120). */
import type { RunId } from '../../domain/common/ids.ts';
import { shift } from '../../domain/common/instants.ts';
import { activated, nextWaiting } from '../../domain/jobs/dispatch.ts';
import { leaseDurationMs } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { askWhenDue } from './askWhenDue.ts';
import { changeJob } from './changeJob.ts';

/** A category that a run holds. */
export interface HeldCategory {
  readonly category: string;
  readonly version: string;
}

/**
 * Takes a category for one slice of a run, or keeps it. Null while another run holds it; a run that went away holds it
 * until its lease expires, as that of its mapping.
 */
export async function takeCategory(
  ports: SyncPorts,
  category: string,
  owner: RunId,
): Promise<HeldCategory | null> {
  const { lease, version } = await ports.jobs.category(category);
  const now = ports.clock.now();
  if (lease.owner !== '' && lease.owner !== owner && lease.expiresAt > now) return null;
  const taken = { category, owner, expiresAt: shift(now, leaseDurationMs) };
  const taking = await ports.jobs.replaceCategory(taken, version);
  return taking === null ? null : { category, version: taking };
}

/**
 * Gives a category up, unless another run took it meanwhile, and lets the next waiting job have its turn. A job that
 * begins to wait at this very moment is found by its next tick (J-47). Safe to repeat.
 */
export async function leaveCategory(ports: SyncPorts, held: HeldCategory): Promise<void> {
  const { category, version } = held;
  const free = { category, owner: '', expiresAt: ports.clock.now() };
  if ((await ports.jobs.replaceCategory(free, version)) === null) return;
  await activateNext(ports, category);
}

async function activateNext(ports: SyncPorts, category: string): Promise<void> {
  const entries = (await ports.jobs.list()).map(({ entry }) => entry);
  const next = nextWaiting(entries, category);
  if (next === null) return;
  const ready = await changeJob(ports, next.name, activated);
  ports.log('information', 'job-activated', { job: next.name, category });
  if (ready !== null) await askWhenDue(ports, ready);
}
