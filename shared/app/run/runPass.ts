/** One direction of a run: reads, pairs, matches, plans, applies and records, page by page. */
import { type PassDirection, passesOf } from '../../domain/common/directions.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import { addCounters, type SyncJob } from '../../domain/logs/syncJob.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { vanishedOptions } from '../options/vanishedOptions.ts';
import { type CandidatePage, type NextPosition, type PassStart, readCandidates } from './candidates.ts';
import { factsOf } from './gatherFacts.ts';
import { renewLease } from './lease.ts';
import { lostByDeletion, lostByReport, settleLost } from './lostRecords.ts';
import { openedSyncJob } from './openedSyncJob.ts';
import { prefetch } from './prefetch.ts';
import { planOnly, runPage } from './runPage.ts';
import type { RunScope } from './runScope.ts';
import { lostBySweep } from './sweep.ts';

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
  const opened = begun?.syncJob ?? openedSyncJob(scope, 'synchronization', pass);
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
 * Business Central said that records were deleted, but not which (business-central-api 7.3). Where posting takes records
 * away every run does it, for a lost notification must cost latency only (P12).
 */
function needsSweep({ request, mapping, rule, state }: RunScope, next: NextPosition): boolean {
  const makesCodes = mapping.kind === 'option' && mapping.direction === 'toBusinessCentral';
  const isAsked = request.fromScratch || next.tokenExpired || request.reportedDeletions?.more === true;
  if (request.chosen !== null) return false;
  return rule.looksForLost || (state.coupledCount > 0 && (isAsked || makesCodes));
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
  const { counts, coupled } = scope.request.dryRun ? planOnly(scope, outcome.actions) : outcome;
  work.coupled += coupled;
  work.syncJob = { ...syncJob, counts: addCounters(syncJob.counts, counts) };
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
