/** What a run of each trigger asks of its mapping. */

import type { RunId } from '../../domain/common/ids.ts';
import type { RunTrigger } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { RunRequest } from '../run/runScope.ts';

/**
 * A full synchronisation reads everything, creates counterparts and lets Business Central win where two records meet for
 * the first time (E-137 as DESIGN decides); every other run keeps to the mapping's own setting (E-20, E-31).
 */
export function runRequestFor(
  mapping: TableMapping,
  run: { readonly runId: RunId; readonly trigger: RunTrigger },
  dryRun = false,
): RunRequest {
  const isFull = run.trigger === 'fullSync';
  return {
    job: mapping.name,
    mapping: mapping.name,
    runId: run.runId,
    trigger: run.trigger,
    onlyCoupled: isFull ? false : mapping.syncOnlyCoupled,
    fromScratch: isFull,
    firstTime: isFull ? 'businessCentralWins' : 'conflict',
    manner: 'judge',
    assumeChanged: false,
    chosen: null,
    dryRun,
  };
}
