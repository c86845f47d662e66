/** Deletes records whose counterpart is gone, and then their couplings (E-145, A-65). */
import type { ActionProgress, ActionTask } from '../../domain/actions/actionRun.ts';
import { leftOutOf } from '../../domain/actions/coupledDataErrors.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import type { RunScope } from '../run/runScope.ts';
import { keySelections } from '../run/selections.ts';
import { countInto, finishActionJob, openActionJob } from './actionLog.ts';
import type { ActionWork } from './actionScope.ts';
import { workThroughCouplings } from './couplingPages.ts';
import { type ExistingPair, existingPairs } from './existingPairs.ts';
import { markWaiting } from './markWaiting.ts';
import { removeCouplings } from './removeCouplings.ts';

type DeleteTask = Extract<ActionTask, { kind: 'delete' }>;

/** Under which the log row of the action stands among those it has begun. */
const ownRow = 'uncoupling';

interface DeleteWork {
  readonly scope: RunScope;
  syncJob: SyncJob;
  removed: number;
}

/**
 * Each coupling is read with both records right before; it must have lost exactly one. A record that changed meanwhile, or
 * that the service does not let go, stays with its coupling and an error. Safe to repeat: what is gone is found gone.
 */
export async function deleteTask(
  scope: RunScope,
  task: DeleteTask,
  progress: ActionProgress | null,
): Promise<ActionWork> {
  const syncJob = await openActionJob(scope, 'uncoupling', progress?.syncJobs[ownRow]);
  const work: DeleteWork = { scope, syncJob, removed: 0 };
  const choice = { records: task.records, state: 'skipped' } as const;
  const position = await workThroughCouplings(scope, choice, progress?.position ?? null, async (couplings) =>
    deletePage(work, await existingPairs(scope, couplings)),
  );
  const coupled = -work.removed;
  if (position !== null)
    return { syncJobs: [], coupled, paused: { position, syncJobs: { [ownRow]: work.syncJob.id } } };
  return { syncJobs: [await finishActionJob(scope, work.syncJob)], coupled, paused: null };
}

async function deletePage(work: DeleteWork, pairs: readonly ExistingPair[]): Promise<void> {
  const { scope } = work;
  const lost = pairs.filter((pair) => leftOutOf('delete', scope.mapping, pair) === null);
  if (scope.request.dryRun) {
    scope.planned.push(...lost.map((pair) => planned(scope, pair)));
    work.syncJob = await countInto(scope, work.syncJob, { deleted: lost.length, uncoupled: lost.length });
    return;
  }
  const ends = await deleteSurvivors(scope, lost);
  const gone = ends.filter(({ status }) => status === 'done' || status === 'missing');
  // A coupling whose second record went meanwhile, or in an action that was cut off, has nothing left to tell of.
  const empty = pairs.filter(
    ({ businessCentral, dataverse }) => businessCentral === null && dataverse === null,
  );
  const finished: readonly Coupling[] = [...gone, ...empty].map(({ coupling }) => coupling);
  const removed = await removeCouplings(scope.ports, scope.mapping.name, finished);
  work.removed += removed;
  const failed = ends.flatMap(({ problem: raised, ...pair }) => (raised ? [{ pair, raised }] : []));
  await markWaiting(scope, work.syncJob, failed);
  const deleted = ends.filter(({ status }) => status === 'done').length;
  const counts = { deleted, uncoupled: removed, failed: failed.length };
  work.syncJob = await countInto(scope, work.syncJob, counts);
}

/** What became of one record that was to be deleted; the problem is null when it is gone. */
interface DeletedPair extends ExistingPair {
  readonly status: DeleteOutcome['status'];
  readonly problem: RecordProblem | null;
}

async function deleteSurvivors(
  scope: RunScope,
  pairs: readonly ExistingPair[],
): Promise<readonly DeletedPair[]> {
  const { ports, mapping } = scope;
  const ours = pairs.flatMap((pair) =>
    pair.businessCentral ? [{ pair, record: pair.businessCentral }] : [],
  );
  const theirs = pairs.flatMap((pair) => (pair.dataverse ? [{ pair, row: pair.dataverse }] : []));
  const [ourOutcomes, theirOutcomes] = await Promise.all([
    ports.businessCentral.delete(
      keySelections(mapping).businessCentral,
      ours.map(({ record }) => record),
    ),
    ports.dataverse.delete(
      mapping.dataverse.table,
      theirs.map(({ row }) => row),
    ),
  ]);
  const outcomes = [...ourOutcomes, ...theirOutcomes];
  const ends = [...ours, ...theirs].map(({ pair }, index) => ({
    pair,
    outcome: outcomes[index] ?? noAnswer,
  }));
  const settled = await lookUpUnknown(scope, ends);
  return settled.map(({ pair, outcome }) => ({
    ...pair,
    status: outcome.status,
    problem: problemOf(pair.coupling, outcome),
  }));
}

const noAnswer: DeleteOutcome = { status: 'unknown', message: '' };

interface DeleteEnd {
  readonly pair: ExistingPair;
  readonly outcome: DeleteOutcome;
}

/** Deletions whose answer was lost are looked up together. */
async function lookUpUnknown(scope: RunScope, ends: readonly DeleteEnd[]): Promise<readonly DeleteEnd[]> {
  const unknown = ends.filter(({ outcome }) => outcome.status === 'unknown');
  if (unknown.length === 0) return ends;
  const now = await existingPairs(
    scope,
    unknown.map(({ pair }) => pair.coupling),
  );
  const gone = new Set(
    now
      .filter((pair) => !pair.businessCentral && !pair.dataverse)
      .map(({ coupling }) => coupling.dataverseId),
  );
  return ends.map((end) =>
    gone.has(end.pair.coupling.dataverseId) ? { ...end, outcome: { status: 'done' } } : end,
  );
}

function problemOf(coupling: Coupling, outcome: DeleteOutcome): RecordProblem | null {
  const name = coupling.businessCentralName;
  switch (outcome.status) {
    case 'done':
    case 'missing':
      return null;
    case 'stale':
      return problem('record-changed', { message: `"${name}" changed meanwhile and was not deleted.` });
    case 'unknown':
      return problem('outcome-unknown', { message: `Whether "${name}" is deleted is not known.` });
    case 'refused': {
      const { kind, message, serviceCode } = outcome.problem;
      const told = `"${name}" could not be deleted: ${message}`;
      return problem('delete-not-permitted', { message: told, kind, parameters: [serviceCode] });
    }
  }
}

function planned({ mapping }: RunScope, pair: ExistingPair) {
  const { businessCentralId, dataverseId, businessCentralName } = pair.coupling;
  const isOursLeft = pair.businessCentral !== null;
  return {
    mapping: mapping.name,
    direction: isOursLeft ? 'toBusinessCentral' : 'toDataverse',
    businessCentralId,
    dataverseId,
    name: businessCentralName,
    pair,
    kind: 'delete',
    code: 'coupled-record-deleted',
    reason: `The record in ${isOursLeft ? 'Business Central' : 'Sales'} is deleted, and the coupling removed.`,
  } as const;
}
