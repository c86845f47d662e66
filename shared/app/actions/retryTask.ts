/** Takes the skip off records, so that the next run tries them once more (E-59, A-57 to A-59). */
import type { ActionProgress, ActionTask, RecordKey } from '../../domain/actions/actionRun.ts';
import { leftOutOf, retriedCoupling } from '../../domain/actions/coupledDataErrors.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { RunScope } from '../run/runScope.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { ActionWork } from './actionScope.ts';
import { workThroughErrors } from './couplingPages.ts';
import { existingPairs } from './existingPairs.ts';
import { FollowingPasses } from './followingPasses.ts';
import { directedPasses, withSkippedRecords } from './resolveErrorsTask.ts';

type RetryTask = Extract<ActionTask, { kind: 'retry' }>;

/**
 * Named records must exist on both sides; without a selection every skipped coupling is taken, broken ones included, for
 * the mapping's rules to decide about, and every record without a coupling that waits (P5). Writes no row of the log: nothing is synchronised yet. A dry run plans what
 * the next run would do with them. Safe to repeat.
 */
export async function retryTask(
  scope: RunScope,
  task: RetryTask,
  progress: ActionProgress | null,
): Promise<ActionWork> {
  const passes = await FollowingPasses.open(withSkippedRecords(scope));
  const position = await workThroughErrors(scope, task.records, progress, async (couplings) => {
    const wanted = task.records === null ? couplings : await withBothRecords(scope, couplings);
    if (!scope.request.dryRun) {
      if (task.records !== null) await sendStatisticsAgain(scope, wanted);
      return takeSkipOff(scope, wanted);
    }
    const pairs = wanted.map((coupling) => ({ coupling }));
    for (const chosen of directedPasses(pairs, 'merge')) await passes.run(chosen);
  });
  if (!scope.request.dryRun) await retryUncoupled(scope.ports, scope, task.records);
  const paused = position === null ? null : { position, syncJobs: {} };
  return { syncJobs: passes.syncJobs, coupled: 0, paused };
}

/** Customers that a user names one by one have their statistics sent again (E-7, A-57). */
async function sendStatisticsAgain(
  { ports, mapping }: RunScope,
  couplings: readonly Coupling[],
): Promise<void> {
  if (mapping.name !== 'CUSTOMER' || couplings.length === 0) return;
  const known = await ports.statistics.byCustomers(
    couplings.map(({ businessCentralId }) => businessCentralId),
  );
  await ports.statistics.save(known.map((each) => ({ ...each, digest: null })));
}

async function withBothRecords(
  scope: RunScope,
  couplings: readonly Coupling[],
): Promise<readonly Coupling[]> {
  const pairs = await existingPairs(scope, couplings);
  return pairs
    .filter((pair) => leftOutOf('retry', scope.mapping, pair) === null)
    .map(({ coupling }) => coupling);
}

async function takeSkipOff({ ports, mapping }: RunScope, couplings: readonly Coupling[]): Promise<void> {
  const writes = couplings
    .filter(({ state }) => state === 'skipped')
    .map((coupling): CouplingWrite => ({ kind: 'replace', coupling: retriedCoupling(coupling) }));
  if (writes.length > 0) await ports.couplings.save(mapping.name, writes);
}

async function retryUncoupled(
  ports: SyncPorts,
  { mapping }: Pick<RunScope, 'mapping'>,
  records: RetryTask['records'],
): Promise<void> {
  const entries =
    records === null ? await ports.retries.list(mapping.name) : await retryEntriesOf(ports, mapping, records);
  const skipped = entries.flatMap((entry) => (entry?.skipped ? [{ ...entry, skipped: false }] : []));
  if (skipped.length > 0) await ports.retries.save(skipped);
}

/** The entry of each record on the retry list of records without a coupling; null where there is none. */
export async function retryEntriesOf(
  ports: SyncPorts,
  mapping: RunScope['mapping'],
  records: readonly RecordKey[],
): Promise<readonly (RetryRecord | null)[]> {
  if (records.length === 0) return [];
  const entries = new Map<string, RetryRecord>(
    (await ports.retries.list(mapping.name)).map((entry) => [`${entry.side}|${entry.id}`, entry]),
  );
  return records.map(
    ({ businessCentralId, dataverseId }) =>
      entries.get(`businessCentral|${businessCentralId}`) ?? entries.get(`dataverse|${dataverseId}`) ?? null,
  );
}
