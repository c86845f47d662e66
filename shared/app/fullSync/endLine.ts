/** Remembers in the review how the run of a line ended, because later runs take its place on the job queue entry. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { withOutcome } from '../../domain/fullSync/review.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { applyWishes } from './keepCreating.ts';
import { lineFacts } from './readReview.ts';

const mostTries = 10;

/** Also carries out what was wished with the start and was not done yet. Does nothing for runs that belong to no line. Call it when the run is over. Safe to repeat. */
export async function endLine(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  { runId }: QueuedRun,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { review, version } = await ports.fullSync.get();
    const line = review.find(({ run }) => run?.runId === runId);
    if (!line?.run || line.run.outcome !== null) return;
    await applyWishes(ports, mappings, [line]);
    const [facts] = await lineFacts(ports, mappings, [line]);
    // A run that is over and left no trace did nothing: its mapping or job was taken away, or switched off.
    const outcome = facts?.status === 'finished' ? 'finished' : 'error';
    if ((await ports.fullSync.replace(withOutcome(review, runId, outcome), version)) !== null) return;
  }
  const message = 'The full synchronisation is being changed by others; the run comes back.';
  throw new SyncFailure({ kind: 'transient', code: 'full-sync-busy', message });
}
