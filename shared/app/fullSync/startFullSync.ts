/** Starts, restarts and resets the full synchronisation (E-136, E-140, A-82, A-84). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import {
  type LineStatus,
  lineOf,
  type Recommendation,
  type Review,
  type ReviewLine,
  shownRecommendation,
  withLines,
} from '../../domain/fullSync/review.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { requireEnabled } from '../jobs/integrationSwitch.ts';
import { chainOf, sendChain } from '../jobs/requestRuns.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { keepCreating } from './keepCreating.ts';
import { lineFacts } from './readReview.ts';

const mostTries = 5;

/** What a user decided about the lines that are started. */
export interface Wishes {
  /** Recommendations of the user's own, by mapping. */
  readonly choices: Readonly<Record<string, Recommendation>>;
  /** Whether later runs are to create counterparts, too (E-141, A-86). */
  readonly keepsCreatingNew: boolean;
}

/** Everything as counted and as configured. */
const noWishes: Wishes = { choices: {}, keepsCreatingNew: false };

/** The runs in the order in which they are carried out, and the mappings with nothing to synchronise. */
export interface StartedFullSync {
  readonly runs: readonly QueuedRun[];
  readonly left: readonly TableMapping[];
}

/**
 * Queues these mappings one after the other in dependency order. Lines a user recommended `none` are left out and count
 * as done for those that depend on them. Counts alone leave nothing out: a run over nothing costs what counting does,
 * and records may have come since. The review is written before the message, so what is lost is seen to be missing.
 * Lines that wait or run already are queued once more, behind what runs: after a host that went away nobody has to wait
 * for what it left, and a repeated run changes nothing. A wish to keep creating is written down with the lines. Raises SyncFailure `integration-disabled`.
 */
export async function startFullSync(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  wishes: Wishes = noWishes,
): Promise<StartedFullSync> {
  return changing(ports, mappings, async (review) => {
    const lines = mappings.map(({ name }) => lineOf(review, name));
    return planned(ports, mappings, lines, wishes);
  });
}

/**
 * Starts lines that ended, well or not, once more: those named, else all of them. Raises SyncFailure `full-sync-running`
 * while any line waits or runs, `full-sync-not-ended` for a named line that never ran, or when no line has ended.
 */
export async function restartFullSync(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  named: readonly MappingName[] | null,
  wishes: Wishes = noWishes,
): Promise<StartedFullSync> {
  return changing(ports, mappings, async (review) => {
    const chosen = await endedLines(ports, mappings, named, review);
    // The line is made anew, as if the review had just been opened; what the user decided stays.
    const lines = chosen.map(({ name }) => ({ ...lineOf(review, name), counted: null, run: null }));
    return planned(ports, chosen, lines, wishes);
  });
}

/** The mappings that `restartFullSync` would start now, for a dry run. Reads only. Raises SyncFailure as it does. */
export async function restartable(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  named: readonly MappingName[] | null,
): Promise<readonly TableMapping[]> {
  return endedLines(ports, mappings, named, (await ports.fullSync.get()).review);
}

async function endedLines(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  named: readonly MappingName[] | null,
  review: Review,
): Promise<readonly TableMapping[]> {
  const all = mappings.map(({ name }) => lineOf(review, name));
  const statuses = await statusesOf(ports, mappings, all);
  refuseLive(all, statuses);
  const ended = mappings.filter((_, index) => ['finished', 'error'].includes(statuses[index] ?? ''));
  const chosen = named === null ? ended : mappings.filter(({ name }) => named.includes(name));
  const never = chosen.filter((mapping) => !ended.includes(mapping)).map(({ name }) => name);
  if (chosen.length === 0 || never.length > 0) throw notEnded(never);
  return chosen;
}

/** Forgets every line, also what users decided. Raises SyncFailure `full-sync-running`. Safe to repeat. */
export async function resetFullSync(ports: SyncPorts, mappings: readonly TableMapping[]): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { review, version } = await ports.fullSync.get();
    refuseLive(review, await statusesOf(ports, mappings, review));
    if (review.length === 0 || (await ports.fullSync.replace([], version)) !== null) return;
  }
  throw busy();
}

interface Planned extends StartedFullSync {
  readonly lines: readonly ReviewLine[];
}

function planned(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  lines: readonly ReviewLine[],
  { choices, keepsCreatingNew }: Wishes,
): Planned {
  const decided = lines.map((line) => ({ ...line, chosen: choices[line.mapping] ?? line.chosen }));
  const isLeft = ({ name }: TableMapping) =>
    decided.some(({ mapping, chosen }) => mapping === name && chosen === 'none');
  const runs = chainOf(
    ports,
    mappings.filter((mapping) => !isLeft(mapping)),
    'fullSync',
  );
  const requestedAt = ports.clock.now();
  const started = decided.map((line) => {
    const runId = runs.find(({ job }) => job === line.mapping)?.runId;
    if (runId === undefined) return { ...line, run: null };
    const run = { runId, requestedAt, outcome: null, keepsCreatingNew };
    return { ...line, run, counted: shownRecommendation({ ...line, run, chosen: null }) };
  });
  return { runs, left: mappings.filter(isLeft), lines: started };
}

/** Plans on what is stored, writes it if nobody else wrote meanwhile, and only then sends the message. */
async function changing(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  plan: (review: Review) => Promise<Planned>,
): Promise<StartedFullSync> {
  await requireEnabled(ports);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { review, version } = await ports.fullSync.get();
    const { runs, left, lines } = await plan(review);
    const written = await ports.fullSync.replace(withLines(review, lines), version);
    if (written === null) continue;
    await sendOrTakeBack(ports, runs, () => ports.fullSync.replace(review, written));
    // Whoever sees the answer finds it done; after a crash before this the ends of the runs do it.
    const runIds = runs.map(({ runId }) => runId);
    await keepCreating(ports, mappings, runIds);
    return { runs, left };
  }
  throw busy();
}

/** What could not be queued is not waited for: the review is as it was, unless somebody changed it meanwhile. */
async function sendOrTakeBack(
  ports: SyncPorts,
  runs: readonly QueuedRun[],
  takeBack: () => Promise<unknown>,
): Promise<void> {
  try {
    await sendChain(ports, runs);
  } catch (error) {
    await takeBack();
    throw error;
  }
}

async function statusesOf(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  lines: Review,
): Promise<readonly LineStatus[]> {
  return (await lineFacts(ports, mappings, lines)).map(({ status }) => status);
}

function refuseLive(lines: Review, statuses: readonly LineStatus[]): void {
  const live = lines.filter((_, index) => ['waiting', 'inProcess'].includes(statuses[index] ?? ''));
  if (live.length === 0) return;
  throw new SyncFailure({
    kind: 'config',
    code: 'full-sync-running',
    message: `A full synchronisation is under way: ${live.map(({ mapping }) => mapping).join(', ')}.`,
    suggestion: 'Wait until it has ended.',
  });
}

function notEnded(never: readonly MappingName[]): SyncFailure {
  const message =
    never.length === 0
      ? 'No line of the full synchronisation has ended, so there is nothing to restart.'
      : `Not synchronised in full yet, so there is nothing to restart: ${never.join(', ')}.`;
  return new SyncFailure({
    kind: 'config',
    code: 'full-sync-not-ended',
    message,
    suggestion: 'Start the full synchronisation instead.',
  });
}

function busy(): SyncFailure {
  const message = 'The full synchronisation is being changed by others; try again.';
  return new SyncFailure({ kind: 'transient', code: 'full-sync-busy', message });
}
