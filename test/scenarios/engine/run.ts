/** Runs a job of the product and tells what it logged. */
import { executeRun } from '../../../shared/app/jobs/executeRun.ts';
import { mappingName } from '../../../shared/domain/common/ids.ts';
import type { RunTrigger, SyncJob } from '../../../shared/domain/logs/syncJob.ts';
import { quotes, type Stage } from './stage.ts';

export interface FinishedRun {
  /** The rows of the log, in order of the passes. */
  readonly syncJobs: readonly SyncJob[];
  /** Code of the failure that ended the run; null when it ended well. */
  readonly jobError: string | null;
}

/** Runs a job to its end, then learns which records it coupled. */
export async function runJob(stage: Stage, job: string, trigger: RunTrigger): Promise<FinishedRun> {
  const { ports, world } = stage;
  const runId = ports.ids.runId(ports.clock.now());
  const logged = world.events.length;
  await executeRun(ports, stage.mappings, { job, runId, trigger, followedBy: [] });
  const { rows } = await ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  await learnCouplings(stage);
  const failure = world.events.slice(logged).find(({ event }) => event === 'job-failed');
  const jobError = failure ? `${failure.details['code']}` : null;
  return { syncJobs: rows.toReversed(), jobError };
}

/** An alias gets the id of its counterpart as soon as there is one, and the new id of a restored one. */
async function learnCouplings(stage: Stage): Promise<void> {
  for (const name of [...stage.mappings.map((mapping) => mapping.name), quotes.mapping]) {
    const page = { top: 1000, continuation: null };
    const { rows } = await stage.ports.couplings.list({ mapping: mappingName(name) }, page);
    for (const { businessCentralId, dataverseId } of rows) {
      const ours = stage.aliases.ofId(name, businessCentralId);
      const theirs = stage.aliases.ofId(name, dataverseId);
      // A revision takes over the coupling of the quote it follows on, and is the one that is coupled from then on.
      const isRevision = name === quotes.mapping && theirs !== null;
      if (ours !== null && !isRevision) stage.aliases.name(ours, stage.placeOf(name), { dataverseId });
      else if (theirs !== null) stage.aliases.name(theirs, stage.placeOf(name), { businessCentralId });
    }
  }
}
