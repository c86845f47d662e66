/** Match-based coupling: couples the uncoupled records of a mapping that are the same thing (E-116 to E-121). */
import type { ActionProgress, ActionTask, ChosenMatchField } from '../../domain/actions/actionRun.ts';
import { passesOf } from '../../domain/common/directions.ts';
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { matchGroups } from '../../domain/sync/match.ts';
import { problem } from '../../domain/sync/problems.ts';
import { passesBusinessCentral } from '../../domain/sync/recordFilter.ts';
import { candidateContext } from '../run/candidateContext.ts';
import { renewLease } from '../run/lease.ts';
import type { RunScope } from '../run/runScope.ts';
import { countInto, finishActionJob, openActionJob, saveActionError } from './actionLog.ts';
import type { ActionWork } from './actionScope.ts';
import { coupleMatches, type MatchMemory, type PageMatches } from './coupleMatches.ts';
import { FollowingPasses } from './followingPasses.ts';
import { passesAfterMatch } from './synchronizeAfter.ts';

type MatchTask = Extract<ActionTask, { kind: 'match' }>;

/** The mapping with the match fields of one action in place of its own; fields it does not know are left out. */
export function withMatchFields(
  mapping: TableMapping,
  chosen: readonly ChosenMatchField[] | null,
): TableMapping {
  if (chosen === null) return mapping;
  const byId = new Map(chosen.map(({ id, ...criterion }) => [id, criterion]));
  return {
    ...mapping,
    fields: mapping.fields.map((field) => ({ ...field, match: byId.get(field.id) ?? null })),
  };
}

/** What is carried from page to page. */
interface MatchWork {
  readonly scope: RunScope;
  readonly task: MatchTask;
  syncJob: SyncJob;
  /** The passes that follow. */
  readonly following: FollowingPasses;
  readonly memory: MatchMemory;
  coupled: number;
}

/** Under which an action's own log row stands among those it has begun. */
const ownRow = 'coupling';

/** Works through the mapping page by page; a slice that is used up goes on at the next page. */
export async function matchTask(
  scope: RunScope,
  task: MatchTask,
  progress: ActionProgress | null,
): Promise<ActionWork> {
  const { [ownRow]: own, ...others } = progress?.syncJobs ?? {};
  const syncJob = await openActionJob(scope, 'coupling', own);
  const following = await FollowingPasses.open(scope, others);
  const work: MatchWork = {
    scope,
    task,
    syncJob,
    following,
    memory: { claimed: new Set(), createNew: task.createNew },
    coupled: 0,
  };
  if (matchGroups(scope.mapping).length === 0) return withoutCriteria(work);
  let cursor = progress?.position ?? null;
  do {
    cursor = await matchPage(work, cursor);
    if (cursor !== null && isOutOfTime(scope)) return pausedAt(work, cursor);
  } while (cursor !== null);
  if (!task.createNew) await reportUnmatched(work);
  return ended(work);
}

async function matchPage(work: MatchWork, cursor: string | null): Promise<string | null> {
  const { scope, task } = work;
  if (scope.lease) await renewLease(scope.ports, scope.lease);
  const selection = scope.selections.businessCentral;
  const page = await scope.ports.businessCentral.readChanges({ selection, modifiedFrom: null, cursor });
  const context = await candidateContext(scope, 'toDataverse', page.records);
  const matches = await coupleMatches(
    scope,
    page.records.filter((record) => isWanted(scope, record, context)),
    work.memory,
  );
  work.coupled += matches.coupled.length;
  work.syncJob = await countInto(scope, work.syncJob, countsOf(task, matches));
  if (!scope.request.dryRun) await synchronizeCoupled(work, matches);
  if (mayCreate(work)) await createUnmatched(work, matches.unmatched);
  return page.next;
}

/** Records that would not take part in a pass to Dataverse are not coupled either (E-19, E-117). */
function isWanted(
  { filters, rule, mapping }: RunScope,
  record: BusinessCentralRecord,
  context: RuleContext,
): boolean {
  if (!passesBusinessCentral(filters.businessCentral, record)) return false;
  const [pass] = passesOf(mapping.direction);
  return pass !== 'toDataverse' || rule.isCandidate(pass, record, context);
}

/** Unmatched records are failures unless they are to be created (E-120); those with several counterparts always are. */
function countsOf(task: MatchTask, { coupled, unmatched, ambiguous }: PageMatches) {
  return { coupled: coupled.length, failed: ambiguous + (task.createNew ? 0 : unmatched.length) };
}

/** With those that an interrupted attempt of this action, or a user, coupled before (E-117). */
async function synchronizeCoupled(work: MatchWork, { coupled, pending }: PageMatches): Promise<void> {
  const pairs = [...coupled, ...pending];
  if (!work.task.synchronizeAfter || pairs.length === 0) return;
  const { scope } = work;
  for (const chosen of passesAfterMatch(scope.mapping.updateConflict, pairs)) {
    await work.following.run(chosen);
  }
}

/** Never where Sales holds the originals, as for salespeople (E-120). */
function mayCreate({ task, scope }: MatchWork): boolean {
  return task.createNew && passesOf(scope.mapping.direction).includes('toDataverse');
}

async function createUnmatched(work: MatchWork, ids: readonly BusinessCentralId[]): Promise<void> {
  const before = work.following.coupled;
  await work.following.run({ pass: 'toDataverse', ids, manner: 'createNew', firstTime: 'conflict' });
  work.coupled += work.following.coupled - before;
}

/** One error row for all of them, without record ids (E-120). */
async function reportUnmatched(work: MatchWork): Promise<void> {
  const failed = work.syncJob.counts.failed;
  if (failed === 0) return;
  const message = `${failed} records of ${work.scope.mapping.name} have no unique uncoupled match.`;
  const raised = problem('match-not-found', { message });
  const nobody = { businessCentralId: null, dataverseId: null, name: '' };
  await saveActionError(work.scope, work.syncJob, raised, nobody);
}

async function withoutCriteria(work: MatchWork): Promise<ActionWork> {
  const message = `${work.scope.mapping.name} has no field mapping to match by.`;
  const nobody = { businessCentralId: null, dataverseId: null, name: '' };
  await saveActionError(work.scope, work.syncJob, problem('match-no-criteria', { message }), nobody);
  return { syncJobs: [await finishActionJob(work.scope, work.syncJob, message)], coupled: 0, paused: null };
}

function isOutOfTime({ ports, sliceEnd, request }: RunScope): boolean {
  return !request.dryRun && ports.clock.now() >= sliceEnd;
}

function pausedAt(work: MatchWork, position: string): ActionWork {
  const syncJobs = { ...work.following.begun, [ownRow]: work.syncJob.id };
  return { syncJobs: [], coupled: work.coupled, paused: { position, syncJobs } };
}

async function ended(work: MatchWork): Promise<ActionWork> {
  const finished = await finishActionJob(work.scope, work.syncJob);
  return { syncJobs: [finished, ...work.following.syncJobs], coupled: work.coupled, paused: null };
}
