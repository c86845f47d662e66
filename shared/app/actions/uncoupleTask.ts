/** Removes couplings and leaves both records as they are (E-123 to E-125, E-146). */
import type { ActionProgress, ActionTask, RecordKey } from '../../domain/actions/actionRun.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import { problem } from '../../domain/sync/problems.ts';
import { renewLease } from '../run/lease.ts';
import type { RunScope } from '../run/runScope.ts';
import { countInto, finishActionJob, openActionJob, saveActionError } from './actionLog.ts';
import type { ActionWork } from './actionScope.ts';
import { clearCompanyOf, clearStuckRows } from './clearCompany.ts';
import { removeDependentCouplings } from './dependentCouplings.ts';
import { removeCouplings } from './removeCouplings.ts';

type UncoupleTask = Extract<ActionTask, { kind: 'uncouple' | 'uncoupleAll' | 'uncoupleErrors' }>;

/** Couplings removed at a time; what bounds memory. */
const couplingsAtATime = 1000;

/** Under which the log row of the action stands among those it has begun. */
const ownRow = 'uncoupling';

interface UncoupleWork {
  readonly scope: RunScope;
  syncJob: SyncJob;
  removed: number;
}

/**
 * Works in pages; what is removed is not found again, so a slice goes on with whatever is left. Whether each coupling is
 * removed decides its counter; couplings that are gone already are left out. Safe to repeat.
 */
export async function uncoupleTask(
  scope: RunScope,
  task: UncoupleTask,
  progress: ActionProgress | null,
): Promise<ActionWork> {
  const syncJob = await openActionJob(scope, 'uncoupling', progress?.syncJobs[ownRow]);
  const work: UncoupleWork = { scope, syncJob, removed: 0 };
  let position = progress?.position ?? null;
  for (let more = true; more; ) {
    if (scope.lease) await renewLease(scope.ports, scope.lease);
    const page = await couplingsOf(scope, task, position);
    await uncouplePage(work, page.rows);
    position = page.continuation;
    more = position !== null;
    if (more && !scope.request.dryRun && scope.ports.clock.now() >= scope.sliceEnd) {
      const paused = { position, syncJobs: { [ownRow]: work.syncJob.id } };
      return { syncJobs: [], coupled: -work.removed, paused };
    }
  }
  await freeStuckRows(work, task);
  return { syncJobs: [await finishActionJob(scope, work.syncJob)], coupled: -work.removed, paused: null };
}

async function couplingsOf(scope: RunScope, task: UncoupleTask, position: string | null) {
  if (task.kind === 'uncouple')
    return { rows: await couplingsOfKeys(scope, task.records), continuation: null };
  const page = { top: couplingsAtATime, continuation: position };
  const query = { mapping: scope.mapping.name, state: 'skipped' } as const;
  return scope.ports.couplings.list(
    task.kind === 'uncoupleErrors' ? query : { mapping: query.mapping },
    page,
  );
}

/** The couplings of a selection, each once, whichever side names it. */
async function couplingsOfKeys(
  { ports, mapping, state }: RunScope,
  keys: readonly RecordKey[],
): Promise<readonly Coupling[]> {
  const ours = keys.flatMap(({ businessCentralId }) => businessCentralId ?? []);
  const theirs = keys.flatMap(({ businessCentralId, dataverseId }) =>
    businessCentralId === null && dataverseId !== null ? [dataverseId] : [],
  );
  const found = await Promise.all([
    ours.length > 0 ? ports.couplings.byBusinessCentralIds(mapping.name, ours, state.coupledCount) : [],
    theirs.length > 0 ? ports.couplings.byDataverseIds(mapping.name, theirs, state.coupledCount) : [],
  ]);
  return [...new Map(found.flat().map((coupling) => [coupling.businessCentralId, coupling])).values()];
}

/** Our company goes first: a row that cannot be written keeps its coupling (E-123). */
async function uncouplePage(work: UncoupleWork, couplings: readonly Coupling[]): Promise<void> {
  const { scope } = work;
  if (couplings.length === 0) return;
  const { cleared, refused } = await clearCompanyOf(scope, couplings);
  if (scope.request.dryRun) {
    scope.planned.push(...couplings.map((coupling) => planned(scope, coupling)));
    work.syncJob = await countInto(scope, work.syncJob, { uncoupled: couplings.length, modified: cleared });
    return;
  }
  const free = couplings.filter(({ dataverseId }) => !refused.has(dataverseId));
  await removeDependentCouplings(scope, free);
  const removed = await removeCouplings(scope.ports, scope.mapping.name, free);
  work.removed += removed;
  for (const coupling of couplings) await reportRefusal(work, coupling, refused.get(coupling.dataverseId));
  const counts = { uncoupled: removed, modified: cleared, failed: couplings.length - free.length };
  work.syncJob = await countInto(scope, work.syncJob, counts);
}

async function reportRefusal(
  { scope, syncJob }: UncoupleWork,
  { businessCentralId, dataverseId, businessCentralName }: Coupling,
  reason: string | undefined,
): Promise<void> {
  if (reason === undefined) return;
  const message = `"${businessCentralName}" stays coupled: ${reason}`;
  const record = { businessCentralId, dataverseId, name: businessCentralName };
  await saveActionError(scope, syncJob, problem('uncouple-failed', { message }), record);
}

/** Rows that carry our company without a coupling are freed with the mapping (E-124). */
async function freeStuckRows(work: UncoupleWork, task: UncoupleTask): Promise<void> {
  if (task.kind !== 'uncoupleAll' || work.scope.request.dryRun) return;
  const { cleared } = await clearStuckRows(work.scope);
  if (cleared > 0) work.syncJob = await countInto(work.scope, work.syncJob, { modified: cleared });
}

function planned({ mapping }: RunScope, coupling: Coupling) {
  const { businessCentralId, dataverseId, businessCentralName } = coupling;
  return {
    mapping: mapping.name,
    direction: 'toDataverse',
    businessCentralId,
    dataverseId,
    name: businessCentralName,
    pair: { businessCentral: null, dataverse: null, coupling },
    kind: 'uncouple',
    code: 'uncoupled-by-user',
    reason: 'A user asked for it; both records stay as they are.',
  } as const;
}
