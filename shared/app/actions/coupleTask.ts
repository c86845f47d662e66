/** Couples two chosen records, and synchronises them when asked to (E-112). */
import type { ActionTask } from '../../domain/actions/actionRun.ts';
import type { PassDirection } from '../../domain/common/directions.ts';
import type { SyncErrorId, SyncJobId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { type CouplingDecision, decideCoupling } from '../../domain/couplings/decideCoupling.ts';
import { businessCentralName, dataverseName } from '../../domain/sync/names.ts';
import { isWriting, type RecordPair } from '../../domain/sync/planTypes.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { factsOf } from '../run/gatherFacts.ts';
import { planActions } from '../run/planActions.ts';
import type { RunScope } from '../run/runScope.ts';
import { countInto, finishActionJob, openActionJob, saveActionError } from './actionLog.ts';
import type { ActionWork } from './actionScope.ts';
import { pendingCoupling } from './pendingCoupling.ts';
import { runChosenPass } from './synchronizeAfter.ts';

type CoupleTask = Extract<ActionTask, { kind: 'couple' }>;

/** Both records as they are now with what is known of their couplings. */
interface Partners {
  readonly pair: RecordPair;
  readonly ours: Coupling | null;
  readonly theirs: Coupling | null;
  readonly decision: CouplingDecision;
}

/** Carries out the task; one that cannot be is an error row, not an exception. */
export async function coupleTask(
  scope: RunScope,
  task: CoupleTask,
  begun: SyncJobId | undefined,
): Promise<ActionWork> {
  const opened = await openActionJob(scope, 'coupling', begun);
  const partners = await readPartners(scope, task);
  const refused = refusal(partners);
  if (refused) {
    const { businessCentralId, dataverseId } = task;
    await saveActionError(scope, opened, refused, {
      businessCentralId,
      dataverseId,
      name: nameOf(scope, partners),
    });
    await plan(scope, task, partners, refused);
    const failed = await countInto(scope, opened, { failed: 1 });
    return { syncJobs: [await finishActionJob(scope, failed, refused.message)], coupled: 0, paused: null };
  }
  await plan(scope, task, partners, null);
  const made = scope.request.dryRun ? 0 : await couple(scope, partners);
  const isNew = partners.decision.kind !== 'none';
  const counted = await countInto(scope, opened, isNew ? { coupled: 1 } : { unchanged: 1 });
  const finished = await finishActionJob(scope, counted);
  const after = scope.request.dryRun ? null : await synchronize(scope, task);
  return { syncJobs: after ? [finished, after] : [finished], coupled: made, paused: null };
}

async function readPartners(scope: RunScope, task: CoupleTask): Promise<Partners> {
  const { ports, mapping, selections, state } = scope;
  const [[businessCentral = null], [dataverse = null], [ours = null], [theirs = null]] = await Promise.all([
    ports.businessCentral.readByIds(selections.businessCentral, [task.businessCentralId]),
    ports.dataverse.readByIds(selections.dataverse, [task.dataverseId]),
    ports.couplings.byBusinessCentralIds(mapping.name, [task.businessCentralId], state.coupledCount),
    ports.couplings.byDataverseIds(mapping.name, [task.dataverseId], state.coupledCount),
  ]);
  const partner = theirs
    ? await ports.businessCentral.readByIds(selections.businessCentral, [theirs.businessCentralId])
    : [];
  const decision = decideCoupling({ ours, theirs, partnerExists: partner.length > 0 });
  return { pair: { businessCentral, dataverse, coupling: ours }, ours, theirs, decision };
}

function nameOf({ mapping }: RunScope, { pair: { businessCentral, dataverse } }: Partners): string {
  if (businessCentral) return businessCentralName(mapping, businessCentral);
  return dataverse ? dataverseName(mapping, dataverse) : '';
}

function refusal({ pair, theirs, decision }: Partners): RecordProblem | null {
  if (!pair.businessCentral || !pair.dataverse) {
    const where = pair.businessCentral ? 'Sales' : 'Business Central';
    return problem('source-not-found', { message: `The record to couple does not exist in ${where}.` });
  }
  if (decision.kind !== 'taken') return null;
  const message = `The record in Sales is coupled to "${theirs?.businessCentralName}" already.`;
  return problem('already-coupled', { message });
}

/** Returns by how many the couplings of the mapping grew. */
async function couple(scope: RunScope, partners: Partners): Promise<number> {
  const { ports, mapping } = scope;
  const writes = couplingWrites(scope, partners);
  if (writes.length === 0) return 0;
  const outcomes: string[] = [];
  // The stale coupling must be gone before its row can be coupled again.
  for (const write of writes) outcomes.push(...(await ports.couplings.save(mapping.name, [write])));
  if (outcomes.at(-1) === 'taken')
    throw new Error(`${mapping.name}: coupled by another writer under the lease`);
  await closeErrors(scope, partners);
  const isNew = partners.decision.kind === 'create';
  return (isNew ? 1 : 0) - (partners.decision.stale ? 1 : 0);
}

function couplingWrites(scope: RunScope, { pair, ours, decision }: Partners): readonly CouplingWrite[] {
  const { businessCentral, dataverse } = pair;
  if (decision.kind === 'none' || !businessCentral || !dataverse) return [];
  const coupling = pendingCoupling(scope.mapping, businessCentral, dataverse);
  const { stale } = decision;
  const remove = stale
    ? [
        {
          kind: 'remove' as const,
          businessCentralId: stale.businessCentralId,
          dataverseId: stale.dataverseId,
        },
      ]
    : [];
  return [...remove, ours ? { kind: 'repoint', coupling, previous: ours } : { kind: 'create', coupling }];
}

/** What went wrong with the couplings and records before is settled by the new coupling (E-6). */
async function closeErrors({ ports, mapping }: RunScope, { pair, ours, decision }: Partners): Promise<void> {
  const entries = await ports.retries.list(mapping.name);
  const own = entries.filter(({ id }) => id === pair.businessCentral?.id || id === pair.dataverse?.id);
  const errorIds: SyncErrorId[] = [
    ...own.map(({ errorId }) => errorId),
    ...[ours, decision.stale].flatMap((coupling) => coupling?.lastError?.errorId ?? []),
  ];
  if (own.length > 0) await ports.retries.remove(mapping.name, own);
  if (errorIds.length > 0) await ports.logs.resolveErrors(mapping.name, errorIds, ports.clock.now());
}

async function synchronize(scope: RunScope, task: CoupleTask) {
  if (task.initialSync === 'none') return null;
  const pass = task.initialSync;
  const id = pass === 'toDataverse' ? task.businessCentralId : task.dataverseId;
  const { syncJob } = await runChosenPass(
    scope,
    { pass, ids: [id], manner: 'force', firstTime: 'conflict' },
    null,
  );
  return syncJob;
}

/** What the action would do; nothing but a dry run looks at it. */
async function plan(
  scope: RunScope,
  task: CoupleTask,
  partners: Partners,
  refused: RecordProblem | null,
): Promise<void> {
  if (!scope.request.dryRun) return;
  const head = {
    mapping: scope.mapping.name,
    direction: directionOf(task),
    businessCentralId: task.businessCentralId,
    dataverseId: task.dataverseId,
    name: nameOf(scope, partners),
    pair: partners.pair,
  };
  if (refused) scope.planned.push({ ...head, kind: 'fail', problem: refused });
  else if (task.initialSync !== 'none')
    scope.planned.push({ ...head, ...(await writeOf(scope, task, partners)) });
  else if (partners.decision.kind === 'none')
    scope.planned.push({ ...head, kind: 'unchanged', settledFields: [], unsentFields: [] });
  else scope.planned.push({ ...head, kind: 'couple', ...nothingWritten });
}

const nothingWritten = { values: {}, fields: [], settledFields: [], waitingFields: [], unsentFields: [] };

function directionOf({ initialSync }: CoupleTask): PassDirection {
  return initialSync === 'toBusinessCentral' ? 'toBusinessCentral' : 'toDataverse';
}

/** The values that the first synchronisation would write. */
async function writeOf(scope: RunScope, task: CoupleTask, { pair, decision }: Partners) {
  const kind = decision.kind === 'none' ? ('modify' as const) : ('couple' as const);
  const { businessCentral, dataverse } = pair;
  if (!businessCentral || !dataverse) return { kind, ...nothingWritten };
  const coupling = pendingCoupling(scope.mapping, businessCentral, dataverse);
  const forced: RunScope = { ...scope, request: { ...scope.request, manner: 'force' } };
  const groups = [{ pairs: [{ ...pair, coupling }], matched: false }];
  const [action] = await planActions(forced, directionOf(task), groups, await factsOf(scope));
  if (action?.kind === 'fail' || action?.kind === 'conflict')
    return { kind: 'fail' as const, problem: action.problem };
  return action && isWriting(action)
    ? {
        kind,
        values: action.values,
        fields: action.fields,
        settledFields: [],
        waitingFields: [],
        unsentFields: [],
      }
    : { kind, ...nothingWritten };
}
