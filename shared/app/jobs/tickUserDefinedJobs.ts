/** What the tick for mappings that files and users define does: their jobs have no timer of their own. */
import type { MappingSet } from '../../domain/mappings/mappingSet.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { ensureJobs } from './ensureJobs.ts';
import { tickJob } from './tickJob.ts';

/** Ticks the job of every enabled mapping that is no default (J-119); one whose entry is missing gets it. Safe to repeat. */
export async function tickUserDefinedJobs(ports: SyncPorts, { entries }: MappingSet): Promise<void> {
  const own = entries.filter(
    ({ origin, mapping }) => origin !== 'default' && mapping.enabled && mapping.job !== null,
  );
  for (const { mapping } of own) {
    const outcome = await tickJob(ports, mapping.name);
    if (outcome !== 'unknown') continue;
    await ensureJobs(ports, [mapping]);
    await tickJob(ports, mapping.name);
  }
}
