/** Runs of jobs with other ports than those of their world. */
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import type { World } from './world.ts';

/** Runs one job to its end and gives the rows it wrote to the log, oldest first. */
export async function runWith(
  { ports, mappings }: Pick<World, 'ports' | 'mappings'>,
  job: string,
): Promise<readonly SyncJob[]> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, mappings, { job, runId, trigger: 'manual', followedBy: [] });
  const { rows } = await ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  return rows.toReversed();
}
