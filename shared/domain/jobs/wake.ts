/** What a reason to run earlier does to a job queue entry (J-64, J-65, A-57). */
import type { Instant } from '../common/instants.ts';
import type { JobQueueEntry } from './jobQueueEntry.ts';

/**
 * Plans a run for now, unless one is due already. Only a ready entry and one on hold by inactivity can be woken (J-64).
 * Returns the entry itself when nothing changes.
 */
export function woken(entry: JobQueueEntry, { now }: { readonly now: Instant }): JobQueueEntry {
  if (entry.status !== 'ready' && entry.status !== 'onHoldInactivity') return entry;
  return entry.earliestStart <= now ? entry : { ...entry, status: 'ready', earliestStart: now };
}
