/** One direction of a run: reads, pairs, matches, plans, applies and records, page by page. */
import { type PassDirection, passesOf } from '../../domain/common/directions.ts';
import { invariant } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import {
  addCounters,
  type Counters,
  counterNames,
  type SyncJob,
  zeroCounters,
} from '../../domain/logs/syncJob.ts';
import { belongsToUs } from '../../domain/sync/companyStamp.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { counterOf } from '../../domain/sync/outcome.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { vanishedOptions } from '../options/vanishedOptions.ts';
import { afterInserts } from './afterInserts.ts';
import { applyActions } from './applyActions.ts';
import { withoutBegunCreates } from './begunCreates.ts';
import { type CandidatePage, type NextPosition, type PassStart, readCandidates } from './candidates.ts';
import { withRelations } from './companyRelations.ts';
import { carryOutFollowUps } from './followUps.ts';
import { factsOf } from './gatherFacts.ts';
import { settleGone } from './goneRecords.ts';
import { renewLease } from './lease.ts';
import { lostByDeletion, lostByReport, settleLost } from './lostRecords.ts';
import { matchRecords } from './matchRecords.ts';
import { pairRecords } from './pairRecords.ts';
import { planActions } from './planActions.ts';
import { prefetch } from './prefetch.ts';
import { recordOutcomes } from './recordOutcomes.ts';
import { resolveIntents } from './resolveIntents.ts';
import type { RunScope } from './runScope.ts';
import { lostBySweep } from './sweep.ts';
import { synchroniseLines } from './synchroniseLines.ts';

/** A pass that is over, or stopped in the middle because the run's time is used up. */
export interface PassResult {
  readonly syncJob: SyncJob;
  readonly coupled: number;
  readonly lost: number;
  /** Where to go on; null when the pass is over. */
  readonly stopped: PassStart | null;
}

/** A pass to be continued, with the row of the log it has begun and the lost records it has met. */
export interface BegunPass extends PassStart {
  readonly syncJob: SyncJob;
  readonly lost: number;
}

/**
 * Runs one pass, or the rest of it, and writes its row of the synchronisation log: before the first record is worked on,
 * after each page that others follow, and, finished, with the next write of the run's log (E-11, E-149). An exception
 * leaves the row without a finish time (E-156); a pass without a record writes it once.
 */
export async function runPass(
  scope: RunScope,
  pass: PassDirection,
  next: NextPosition,
  begun: BegunPass | null,
): Promise<PassResult> {
  const opened = begun?.syncJob ?? openSyncJob(scope, pass);
  const work: PassWork = {
    scope,
    pass,
    facts: runFacts(scope),
    syncJob: opened,
    isLogged: begun !== null,
    coupled: 0,
    lost: [],
    deletedIds: [],
  };
  try {
    return await workThrough(work, next, begun);
  } catch (error) {
    // Whatever ended the pass is to be told, also when the log cannot be reached either.
    await ensureLogged(work).catch(() => undefined);
    throw error;
  }
}

async function workThrough(work: PassWork, next: NextPosition, begun: BegunPass | null): Promise<PassResult> {
  const { scope, pass } = work;
  const sent = requestsSince(scope, work.syncJob.requests);
  let stopped: PassStart | null = null;
  for await (const page of prefetch(readCandidates(scope, pass, next, begun))) {
    if (scope.lease) await renewLease(scope.ports, scope.lease);
    await workOnPage(work, page);
    work.syncJob = { ...work.syncJob, requests: sent() };
    if (page.resume) await scope.log.save(work.syncJob);
    stopped =
      page.resume && isOutOfTime(scope)
        ? { position: page.resume, handled: await handledIds(scope, begun) }
        : null;
    if (stopped) break;
  }
  if (!stopped) work.deletedIds.push(...(await vanishedOptions(scope)));
  const isLastPage = !stopped && pass === passesOf(scope.mapping.direction).at(-1);
  await settleLostOf(work, begun?.lost ?? 0, {
    withReport: isLastPage,
    withSweep: isLastPage && needsSweep(scope, next),
  });
  const finishedAt = stopped ? null : scope.ports.clock.now();
  work.syncJob = { ...work.syncJob, finishedAt, requests: sent() };
  scope.log.saveLater(work.syncJob);
  const { syncJob, coupled, lost } = work;
  return { syncJob, coupled, lost: (begun?.lost ?? 0) + lost.length, stopped };
}

/** What a pass has done so far. */
interface PassWork {
  readonly scope: RunScope;
  readonly pass: PassDirection;
  readonly facts: () => Promise<RuleContext>;
  syncJob: SyncJob;
  /** Whether the log has a row of the pass, which errors refer to. */
  isLogged: boolean;
  coupled: number;
  readonly lost: RecordPair[];
  readonly deletedIds: DataverseId[];
}

async function workOnPage(work: PassWork, page: CandidatePage): Promise<void> {
  const { scope, pass, facts, syncJob } = work;
  const begin = () => ensureLogged(work);
  const result = await runPage(scope, pass, page, { syncJob, facts, begin });
  work.coupled += result.coupled;
  // What the first pass met without its other side is not met again by the second.
  work.lost.push(...result.lost.filter(({ coupling }) => !isMet(scope, coupling)));
  work.deletedIds.push(...page.deletedIds);
  work.syncJob = { ...syncJob, counts: addCounters(syncJob.counts, result.counts) };
}

function isOutOfTime({ ports, sliceEnd, request }: RunScope): boolean {
  return !request.dryRun && ports.clock.now() >= sliceEnd;
}

async function handledIds(scope: RunScope, begun: BegunPass | null): Promise<readonly string[]> {
  if (begun) return begun.handled;
  const { unsettled, entries } = await scope.retries.before();
  return [
    ...unsettled.flatMap(({ businessCentralId, dataverseId }) => [businessCentralId, dataverseId]),
    ...entries.map(({ id }) => id),
  ];
}

function isMet({ lostMet }: RunScope, coupling: RecordPair['coupling']): boolean {
  return coupling !== null && lostMet.has(coupling.businessCentralId);
}

function meet(scope: RunScope, lost: readonly RecordPair[]): readonly RecordPair[] {
  for (const { coupling } of lost) if (coupling) scope.lostMet.add(coupling.businessCentralId);
  return lost;
}

/**
 * Everything is compared by keys, once per run, when everything was read: in a full synchronisation of records coupled
 * before, after a change-tracking token expired, and where options make the codes of a small table (E-82); and when
 * Business Central said that records were deleted, but not which (business-central-api 7.3).
 */
function needsSweep({ request, mapping, state }: RunScope, next: NextPosition): boolean {
  const makesCodes = mapping.kind === 'option' && mapping.direction === 'toBusinessCentral';
  const isAsked = request.fromScratch || next.tokenExpired || request.reportedDeletions?.more === true;
  return state.coupledCount > 0 && request.chosen === null && (isAsked || makesCodes);
}

/** Lost records come last, and all at once: the mass-change guard judges their number, those of earlier slices included. */
async function settleLostOf(
  work: PassWork,
  lostBefore: number,
  { withReport, withSweep }: { readonly withReport: boolean; readonly withSweep: boolean },
): Promise<void> {
  const { scope, syncJob, lost } = work;
  meet(scope, lost);
  lost.push(...meet(scope, await lostByDeletion(scope, work.deletedIds)));
  if (withReport) lost.push(...meet(scope, await lostByReport(scope)));
  if (withSweep) lost.push(...meet(scope, await lostBySweep(scope)));
  if (lost.length === 0) return;
  await ensureLogged(work);
  const facts = { scope, syncJobId: syncJob.id, context: await work.facts(), retries: new Map() };
  const outcome = await settleLost(facts, lost, {
    lostBefore,
    coupled: scope.state.coupledCount + work.coupled,
  });
  const { counts, coupled } = scope.request.dryRun ? planOnly(scope, outcome.actions, {}) : outcome;
  work.coupled += coupled;
  work.syncJob = { ...syncJob, counts: addCounters(syncJob.counts, counts) };
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

async function ensureLogged(work: PassWork): Promise<void> {
  if (!work.isLogged) await work.scope.log.save(work.syncJob);
  work.isLogged = true;
}

/** Requests of a pass: those of its earlier slices and those sent since. */
function requestsSince({ meters }: RunScope, before: SyncJob['requests']): () => SyncJob['requests'] {
  const start = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  return () => ({
    businessCentral: before.businessCentral + meters.businessCentral.sent - start.businessCentral,
    dataverse: before.dataverse + meters.dataverse.sent - start.dataverse,
  });
}

/** Facts are read when the first page needs them, and once. */
function runFacts(scope: RunScope): () => Promise<RuleContext> {
  let facts: Promise<RuleContext> | null = null;
  return () => {
    facts ??= factsOf(scope);
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

/** What a page takes from its pass. */
interface PageSurroundings {
  readonly syncJob: SyncJob;
  readonly facts: () => Promise<RuleContext>;
  /** Makes sure that the log has the pass before anything is done. */
  readonly begin: () => Promise<void>;
}

async function runPage(
  scope: RunScope,
  pass: PassDirection,
  page: CandidatePage,
  { syncJob, facts, begin }: PageSurroundings,
): Promise<PageResult> {
  const gone = await settleGone(scope, pass, [...page.missing, ...(await takenByOthers(scope, pass, page))]);
  if (page.records.length === 0) return { counts: zeroCounters, coupled: 0, lost: gone };
  const context = await withRelations(scope, pass, ownRecords(pass, page), await facts());
  const paired = await pairRecords(scope, pass, page, context);
  const uncoupled = await withoutBegunCreates(scope, pass, paired.uncoupled);
  const { matched, unmatched, ambiguous } = await matchRecords(scope, pass, uncoupled, context);
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
  if (actions.length > 0) await begin();
  const applied = await applyActions(scope, pass, actions, context);
  const ends = await carryOutFollowUps(scope, pass, applied, context);
  await afterInserts(scope, pass, ends);
  invariant(ends.length === actions.length, 'each action has exactly one end');
  const recorded = await recordOutcomes(
    { scope, pass, syncJobId: syncJob.id, context, retries: page.retries },
    ends,
  );
  invariant(total(recorded.counts) === actions.length, 'each record ends in exactly one counter (P5, P6)');
  await synchroniseLines(scope, ends, paired.unchangedHeaders);
  return { counts: addCounters(recorded.counts, setAside), coupled: recorded.coupled, lost };
}

function ownRecords(pass: PassDirection, { records }: CandidatePage): readonly BusinessCentralRecord[] {
  return pass === 'toDataverse' ? (records as readonly BusinessCentralRecord[]) : [];
}

/** Uncoupled rows of the retry list that another company has taken meanwhile: they are not ours to create (E-88). */
async function takenByOthers(
  scope: RunScope,
  pass: PassDirection,
  { records, ignoresFilter, retries }: CandidatePage,
): Promise<readonly string[]> {
  if (pass === 'toDataverse' || !ignoresFilter || records.length === 0) return [];
  const stamp = await scope.company.stamp();
  const taken = records.filter(
    (record) => retries.has(record.id) && !belongsToUs(stamp, record as DataverseRow),
  );
  return taken.map(({ id }) => id);
}

function total(counts: Counters): number {
  return counterNames.reduce((sum, name) => sum + counts[name], 0);
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
