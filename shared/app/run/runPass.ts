/** One direction of a run: reads, pairs, matches, plans, applies and records, page by page. */
import { type PassDirection, passesOf } from '../../domain/common/directions.ts';
import { addCounters, type Counters, type SyncJob, zeroCounters } from '../../domain/logs/syncJob.ts';
import { emptyContext, type RuleContext } from '../../domain/sync/entityRule.ts';
import { counterOf } from '../../domain/sync/outcome.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { applyActions } from './applyActions.ts';
import { withoutBegunCreates } from './begunCreates.ts';
import { type CandidatePage, type NextPosition, readCandidates } from './candidates.ts';
import { gatherRunFacts } from './gatherFacts.ts';
import { settleGoneRetries } from './goneRetries.ts';
import { renewLease } from './lease.ts';
import { lostByDeletion, settleLost } from './lostRecords.ts';
import { matchRecords } from './matchRecords.ts';
import { pairRecords } from './pairRecords.ts';
import { planActions } from './planActions.ts';
import { prefetch } from './prefetch.ts';
import { recordOutcomes } from './recordOutcomes.ts';
import { resolveIntents } from './resolveIntents.ts';
import type { RunScope } from './runScope.ts';
import { lostBySweep } from './sweep.ts';

export interface PassResult {
  readonly syncJob: SyncJob;
  readonly coupled: number;
}

/**
 * Runs one pass and writes its row of the synchronisation log: at the start, after each page, and at the end (E-11,
 * E-149). An exception leaves the row without a finish time (E-156).
 */
export async function runPass(scope: RunScope, pass: PassDirection, next: NextPosition): Promise<PassResult> {
  let syncJob = openSyncJob(scope, pass);
  let coupled = 0;
  const lost: RecordPair[] = [];
  await save(scope, syncJob);
  const facts = runFacts(scope);
  const sentBefore = {
    businessCentral: scope.meters.businessCentral.sent,
    dataverse: scope.meters.dataverse.sent,
  };
  for await (const page of prefetch(readCandidates(scope, pass, next))) {
    if (scope.lease) await renewLease(scope.ports, scope.lease);
    const result = await runPage(scope, pass, page, { syncJob, facts });
    coupled += result.coupled;
    lost.push(...result.lost);
    syncJob = {
      ...syncJob,
      counts: addCounters(syncJob.counts, result.counts),
      requests: sentSince(scope, sentBefore),
    };
    await save(scope, syncJob);
  }
  meet(scope, lost);
  lost.push(...meet(scope, await lostByDeletion(scope, next.deletedIds.splice(0))));
  if (needsSweep(scope, pass, next)) lost.push(...meet(scope, await lostBySweep(scope)));
  const settled = await settleLostOf(scope, syncJob, facts, lost, scope.state.coupledCount + coupled);
  coupled += settled.coupled;
  syncJob = {
    ...syncJob,
    counts: addCounters(syncJob.counts, settled.counts),
    finishedAt: scope.ports.clock.now(),
    requests: sentSince(scope, sentBefore),
  };
  await save(scope, syncJob);
  return { syncJob, coupled };
}

function meet(scope: RunScope, lost: readonly RecordPair[]): readonly RecordPair[] {
  for (const { coupling } of lost) if (coupling) scope.lostMet.add(coupling.businessCentralId);
  return lost;
}

/**
 * Everything is compared by keys, once per run, when everything was read: in a full synchronisation of records coupled
 * before, and after a change-tracking token expired.
 */
function needsSweep({ request, mapping, state }: RunScope, pass: PassDirection, next: NextPosition): boolean {
  const isLastPass = pass === passesOf(mapping.direction).at(-1);
  return isLastPass && state.coupledCount > 0 && (request.fromScratch || next.tokenExpired);
}

/** Lost records come last, and all at once: the mass-change guard judges their number. */
async function settleLostOf(
  scope: RunScope,
  syncJob: SyncJob,
  facts: () => Promise<RuleContext>,
  lost: readonly RecordPair[],
  coupled: number,
): Promise<{ readonly counts: Counters; readonly coupled: number }> {
  if (lost.length === 0) return { counts: zeroCounters, coupled: 0 };
  const context = await facts();
  const outcome = await settleLost(
    { scope, syncJobId: syncJob.id, context, retries: new Map() },
    lost,
    coupled,
  );
  return scope.request.dryRun ? planOnly(scope, outcome.actions, {}) : outcome;
}

function openSyncJob({ request, mapping, ports }: RunScope, pass: PassDirection): SyncJob {
  const startedAt = ports.clock.now();
  return {
    id: ports.ids.syncJobId(startedAt),
    runId: request.runId,
    job: request.job,
    mapping: mapping.name,
    type: 'synchronization',
    direction: pass,
    trigger: request.trigger,
    startedAt,
    finishedAt: null,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 0, dataverse: 0 },
  };
}

async function save({ request, ports }: RunScope, syncJob: SyncJob): Promise<void> {
  if (!request.dryRun) await ports.logs.saveSyncJob(syncJob);
}

function sentSince({ meters }: RunScope, before: SyncJob['requests']): SyncJob['requests'] {
  return {
    businessCentral: meters.businessCentral.sent - before.businessCentral,
    dataverse: meters.dataverse.sent - before.dataverse,
  };
}

/** Facts are read when the first page needs them, and once. */
function runFacts(scope: RunScope): () => Promise<RuleContext> {
  let facts: Promise<RuleContext> | null = null;
  return () => {
    facts ??= scope.rule.facts.length === 0 ? Promise.resolve(emptyContext) : gatherRunFacts(scope);
    return facts;
  };
}

interface PageResult {
  readonly counts: Counters;
  readonly coupled: number;
  /** Coupled records whose counterpart was not found. */
  readonly lost: readonly RecordPair[];
}

function isComplete({ businessCentral, dataverse }: RecordPair): boolean {
  return businessCentral !== null && dataverse !== null;
}

async function runPage(
  scope: RunScope,
  pass: PassDirection,
  page: CandidatePage,
  { syncJob, facts }: { readonly syncJob: SyncJob; readonly facts: () => Promise<RuleContext> },
): Promise<PageResult> {
  const gone = await settleGoneRetries(scope, pass, page.missing);
  if (page.records.length === 0) return { counts: zeroCounters, coupled: 0, lost: gone };
  const context = await facts();
  const paired = await pairRecords(scope, pass, page, context);
  const uncoupled = await withoutBegunCreates(scope, pass, paired.uncoupled, context);
  const { matched, unmatched, ambiguous } = await matchRecords(scope, pass, uncoupled);
  const groups = [
    { pairs: paired.changed.filter(isComplete), matched: false },
    { pairs: matched, matched: true },
    { pairs: unmatched, matched: false },
  ];
  const planned = await planActions(scope, pass, groups, context);
  const actions = [...(await resolveIntents(scope, pass, planned, context)), ...ambiguous];
  const lost = [...gone, ...paired.changed.filter((pair) => !isComplete(pair))];
  const setAside = { unchanged: paired.unchanged, skipped: paired.skipped };
  if (scope.request.dryRun) return { ...planOnly(scope, actions, setAside), lost };
  const ends = await applyActions(scope, pass, actions, context);
  const recorded = await recordOutcomes(
    { scope, pass, syncJobId: syncJob.id, context, retries: page.retries },
    ends,
  );
  return { counts: addCounters(recorded.counts, setAside), coupled: recorded.coupled, lost };
}

/** Counts a plan as the run would count its records (E-47). */
function planOnly(scope: RunScope, actions: readonly PlannedAction[], setAside: Partial<Counters>) {
  scope.planned.push(...actions);
  const counts = actions.reduce(
    (sum, { kind }) => addCounters(sum, { [counterOf(kind)]: 1 }),
    addCounters(zeroCounters, setAside),
  );
  return { counts, coupled: 0 };
}
