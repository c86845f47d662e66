/** The full synchronisation review as it stands: what is recommended, and how far each line is (E-133, E-139). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingName, SyncJobId } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import { directionStatus, isSilent, type LineFacts, lineStatus } from '../../domain/fullSync/lineProgress.ts';
import {
  type DirectionStatus,
  type LineRun,
  type LineStatus,
  lineOf,
  type Recommendation,
  type Review,
  type ReviewLine,
  shownRecommendation,
  withLines,
} from '../../domain/fullSync/review.ts';
import { withoutLines } from '../../domain/mappings/linesAlone.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { hasDied } from '../jobs/liveRun.ts';
import { inDependencyOrder } from '../jobs/requestRuns.ts';
import { syncJobsOfRun } from '../queries/runEnd.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { recommend } from './recommendations.ts';

/** One line as it is shown. */
export interface LineView extends Readonly<Record<PassDirection, DirectionStatus>> {
  readonly mapping: MappingName;
  readonly recommendation: Recommendation;
  readonly status: LineStatus;
  readonly syncJobIds: readonly SyncJobId[];
}

/**
 * Every enabled mapping in the order of a start. Lines that were not started are counted anew and their counts
 * remembered, so that the start finds what was shown. Raises SyncFailure.
 */
export async function readReview(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly LineView[]> {
  const shown = inDependencyOrder(withoutLines(mappings).filter(({ enabled }) => enabled));
  const { review, version } = await ports.fullSync.get();
  const lines = await Promise.all(
    shown.map((mapping) => counted(ports, mapping, lineOf(review, mapping.name))),
  );
  await rememberCounts(ports, review, lines, version);
  const statuses = await lineFacts(ports, shown, lines);
  return lines.map((line, index) => lineView(line, statuses[index]));
}

/** What a mapping that cannot be counted now is recommended, is decided when it is counted; `full` is right at any time. */
async function counted(ports: SyncPorts, mapping: TableMapping, line: ReviewLine): Promise<ReviewLine> {
  if (line.run !== null || line.chosen !== null) return line;
  try {
    return { ...line, counted: await recommend(ports, mapping) };
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    const { code, message } = error;
    ports.log('warning', 'full-sync-not-counted', { mapping: mapping.name, code, message });
    return line;
  }
}

/** Nothing is lost when another writer was first: the next look counts again. */
async function rememberCounts(
  { fullSync }: SyncPorts,
  review: Review,
  lines: readonly ReviewLine[],
  version: string | null,
): Promise<void> {
  const changed = lines.filter((line) => line.counted !== lineOf(review, line.mapping).counted);
  if (changed.length > 0) await fullSync.replace(withLines(review, changed), version);
}

/** How far these lines are, in their order; one question of the log and one of the job per line that was started. */
export async function lineFacts(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  lines: readonly ReviewLine[],
): Promise<readonly (LineFacts & { readonly status: LineStatus })[]> {
  const facts = await Promise.all(
    lines.map(async ({ mapping: name, run }) => {
      const mapping = mappings.find((each) => each.name === name);
      const known = run && mapping ? await factsOf(ports, mapping, run) : blankFacts(run);
      return { ...known, status: mapping ? lineStatus(known, mapping) : endedStatus(run) };
    }),
  );
  return withoutSilentLines(facts, ports.clock.now());
}

function blankFacts(run: LineRun | null): LineFacts {
  return { run, syncJobs: [], entry: null, isHolding: false, isKeptWaiting: false };
}

/** A mapping that is no more has nothing under way. */
function endedStatus(run: LineRun | null): LineStatus {
  return run === null ? 'notStarted' : (run.outcome ?? 'error');
}

async function factsOf(ports: SyncPorts, mapping: TableMapping, run: LineRun): Promise<LineFacts> {
  const syncJobs = await syncJobsOfRun(ports, { job: mapping.name, runId: run.runId }, mapping);
  if (run.outcome !== null) return { ...blankFacts(run), syncJobs };
  const [entry, { state }] = await Promise.all([
    entryFact(ports, run, mapping),
    ports.mappings.get(mapping.name),
  ]);
  const { lease, cursor } = state;
  const isHeld = lease !== null && lease.owner !== '' && lease.expiresAt > ports.clock.now();
  const isOwn = lease?.owner === run.runId;
  const isHolding = (isHeld && isOwn) || cursor?.runId === run.runId;
  return { run, syncJobs, entry, isHolding, isKeptWaiting: isHeld && !isOwn };
}

async function entryFact(
  ports: SyncPorts,
  { runId }: LineRun,
  { name }: TableMapping,
): Promise<LineFacts['entry']> {
  const stored = await ports.jobs.get(name);
  const lastRun = stored?.entry.lastRun;
  if (!stored || lastRun?.runId !== runId) return null;
  if (lastRun.finishedAt !== null) return lastRun.outcome === 'error' ? 'error' : 'finished';
  return (await hasDied(ports, stored.entry)) ? 'error' : 'inProcess';
}

/** Runs that wait for a message which is lost will not start by themselves: a user is to restart them. */
function withoutSilentLines<Facts extends LineFacts & { readonly status: LineStatus }>(
  facts: readonly Facts[],
  now: Instant,
): readonly Facts[] {
  if (facts.some(({ status }) => status === 'inProcess') || !isSilent(facts, now)) return facts;
  return facts.map((each) => (each.status === 'waiting' ? { ...each, status: 'error' } : each));
}

function lineView(
  line: ReviewLine,
  facts: (LineFacts & { readonly status: LineStatus }) | undefined,
): LineView {
  const { status, syncJobs } = facts ?? { status: 'notStarted', syncJobs: [] };
  return {
    mapping: line.mapping,
    recommendation: shownRecommendation(line),
    status,
    toDataverse: directionStatus(status, syncJobs, 'toDataverse'),
    toBusinessCentral: directionStatus(status, syncJobs, 'toBusinessCentral'),
    syncJobIds: syncJobs.map(({ id }) => id),
  };
}
