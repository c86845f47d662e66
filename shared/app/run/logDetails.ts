/** After a page: the details made with its new rows get a row of the log of their own, under their own mapping (E-151). */
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import { isWriting } from '../../domain/sync/planTypes.ts';
import type { AppliedAction } from './applyActions.ts';
import { openedSyncJob } from './openedSyncJob.ts';
import type { RunScope } from './runScope.ts';

/** Details have no couplings and no errors of their own (E-9): where their row was refused, they are not there either. */
export async function logDetails(scope: RunScope, ends: readonly AppliedAction[]): Promise<void> {
  const { rule, ports } = scope;
  if (rule.detailMapping === null) return;
  const inserted = ends.reduce((sum, end) => sum + madeWith(end), 0);
  if (inserted === 0) return;
  const row = {
    ...openedSyncJob(scope, 'synchronization', 'toDataverse'),
    job: rule.detailMapping,
    mapping: rule.detailMapping,
    counts: { ...zeroCounters, inserted },
    finishedAt: ports.clock.now(),
  };
  await ports.logs.saveSyncJobs(rule.detailMapping, [row]);
}

function madeWith(end: AppliedAction): number {
  if (end.status !== 'done' || end.kind !== 'insert' || !isWriting(end.action)) return 0;
  return end.action.details?.length ?? 0;
}
