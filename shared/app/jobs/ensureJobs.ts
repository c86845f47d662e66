/** Makes sure every mapping with a scheduled job has its job queue entry. */
import { newJobQueueEntry } from '../../domain/jobs/transitions.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Creates missing entries, Ready and due now (J-18 b). Existing ones stay. Safe to call twice. */
export async function ensureJobs(ports: SyncPorts, mappings: readonly TableMapping[]): Promise<void> {
  const now = ports.clock.now();
  const entries = mappings.map((mapping) => newJobQueueEntry(mapping, now)).filter((entry) => entry !== null);
  await Promise.all(entries.map((entry) => ports.jobs.createIfMissing(entry)));
}
