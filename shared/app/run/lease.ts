/** The lease of a mapping: one run at a time, whatever queue or timer started it (platform P-5). */

import { SyncFailure } from '../../domain/common/failures.ts';
import { type MappingName, mappingName, type RunId } from '../../domain/common/ids.ts';
import { type Instant, shift, toEpochMs } from '../../domain/common/instants.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A run that has not renewed its lease for this long is taken for dead (J-123). */
export const leaseDurationMs = 15 * 60_000;

/** The taken lease: the state as stored now, with the version to replace. */
export interface HeldLease {
  readonly state: MappingState;
  /** Moves with each renewal. */
  version: string;
  /** When the lease was taken or last renewed. */
  renewedAt: Instant;
}

/** A run that paused is continued by its message within this time; only after it is it taken for dead (J-123). */
const pauseGraceMs = 2 * 60_000;

/** Whether another run than `runId` works on the mapping of this job: it holds the lease, or paused a moment ago. */
export async function isTakenByAnother(ports: SyncPorts, job: string, runId: RunId | null): Promise<boolean> {
  const { lease, cursor } = (await ports.mappings.get(mappingName(job))).state;
  if (lease === null) return false;
  const now = ports.clock.now();
  if (lease.owner !== '') return lease.expiresAt > now;
  return cursor !== null && cursor.runId !== runId && shift(lease.expiresAt, pauseGraceMs) > now;
}

/** Takes the lease, or returns null when another run holds it. */
export async function takeLease(
  ports: SyncPorts,
  mapping: MappingName,
  owner: string,
): Promise<HeldLease | null> {
  const { state, version } = await ports.mappings.get(mapping);
  const now = ports.clock.now();
  // One that was given up is free, also when the clock was put back since.
  const isOwned = state.lease !== null && state.lease.owner !== '' && state.lease.owner !== owner;
  if (isOwned && state.lease.expiresAt > now) return null;
  const fencing = (state.lease?.fencing ?? 0) + 1;
  const lease = { owner, expiresAt: shift(now, leaseDurationMs), fencing };
  // An owner that never gave the lease up went away in the middle of its run.
  const wasCutOff = state.lease !== null && state.lease.owner !== '';
  const taken: MappingState = { ...state, mayHaveLeftovers: state.mayHaveLeftovers || wasCutOff, lease };
  const newVersion = await ports.mappings.replace(taken, version);
  return newVersion === null ? null : { state: taken, version: newVersion, renewedAt: now };
}

/**
 * Keeps a lease that is a third through its time. Raises SyncFailure `lease-lost` when another run took it meanwhile: this
 * run must write nothing more (DESIGN, fencing). Call it before each page is written.
 */
export async function renewLease(ports: SyncPorts, held: HeldLease): Promise<void> {
  const now = ports.clock.now();
  if (toEpochMs(now) - toEpochMs(held.renewedAt) < leaseDurationMs / 3) return;
  const { lease } = held.state;
  const renewed = {
    owner: lease?.owner ?? '',
    fencing: lease?.fencing ?? 0,
    expiresAt: shift(now, leaseDurationMs),
  };
  const version = await ports.mappings.replace({ ...held.state, lease: renewed }, held.version);
  if (version === null) throw leaseLost(held);
  held.version = version;
  held.renewedAt = now;
}

function leaseLost({ state }: HeldLease): SyncFailure {
  const message = `Another run of ${state.mapping} took over; this one stopped.`;
  return new SyncFailure({ kind: 'transient', code: 'lease-lost', message });
}

/**
 * Writes the state and gives the lease up, in one write. Returns false when the lease was lost meanwhile; then nothing
 * was written and the other run's state stands.
 */
export async function releaseLease(ports: SyncPorts, held: HeldLease, state: MappingState): Promise<boolean> {
  const fencing = held.state.lease?.fencing ?? 0;
  const released = { owner: '', expiresAt: ports.clock.now(), fencing };
  return (await ports.mappings.replace({ ...state, lease: released }, held.version)) !== null;
}
