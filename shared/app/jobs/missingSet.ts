/** Runs of mappings whose set this version of Business Central does not offer. */
import type { SyncFailure } from '../../domain/common/failures.ts';
import { missingStandardSet } from '../../domain/mappings/fitMapping.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { tellOnce } from '../fitMappings.ts';
import type { MappingRunResult } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { endFailedRows } from './failedRun.ts';

/**
 * A run that broke off for want of its set did nothing, and says so, as one does that lacks the companion app; null for every
 * other failure. Ends the rows of its log. Safe to repeat.
 */
export async function endWithoutSet(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
  failure: SyncFailure,
): Promise<Extract<MappingRunResult, { status: 'done' }> | null> {
  const mapping = mappings.find(({ name }) => name === run.job);
  const missing = mapping && missingStandardSet(mapping, failure);
  if (!mapping || !missing) return null;
  tellOnce(ports, [missing]);
  await endFailedRows(ports, run, mapping, failure);
  const requests = { businessCentral: 0, dataverse: 0 };
  return { status: 'done', syncJobs: [], plan: [], requests, shortcomings: [missing] };
}
