/**
 * The run of a mapping, from lease to watermark; read this to know the product.
 *
 * Each pass reads candidates (candidates.ts), pairs them with their couplings and counterparts (pairRecords.ts), looks
 * for matches before it creates (matchRecords.ts), plans (planActions.ts, pure core in shared/domain/sync), applies
 * (applyActions.ts) and records (recordOutcomes.ts). Business Central to Dataverse comes first (E-10).
 */
import { type PassDirection, passesOf, sourceSide } from '../domain/common/directions.ts';
import { invariant } from '../domain/common/failures.ts';
import type { RunCursor } from '../domain/jobs/runCursor.ts';
import type { RequestCounts, SyncJob } from '../domain/logs/syncJob.ts';
import { findMapping } from '../domain/mappings/catalog.ts';
import type { Shortcoming } from '../domain/mappings/fitMapping.ts';
import { refuseLinesAlone } from '../domain/mappings/linesAlone.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import { withOwnDirection } from '../domain/mappings/optionMapping.ts';
import type { PlannedAction } from '../domain/sync/planTypes.ts';
import type { MappingState } from '../ports/mappingStore.ts';
import { fitForRun, fitToCompanionApp, tellOnce } from './fitMappings.ts';
import { runRequestFor } from './jobs/runRequest.ts';
import { closeAbandonedPass } from './run/abandonedPass.ts';
import { intentsStand } from './run/begunCreates.ts';
import type { NextPosition } from './run/candidates.ts';
import { type HeldLease, releaseLease, takeLease } from './run/lease.ts';
import { repairStates } from './run/repairStates.ts';
import { runPass } from './run/runPass.ts';
import {
  type MeteredPorts,
  meteredPorts,
  openRunScope,
  type RunRequest,
  type RunScope,
} from './run/runScope.ts';
import { closeStrayErrors } from './run/strayErrors.ts';
import type { SyncPorts } from './syncPorts.ts';

/**
 * `busy`: another run of the mapping holds the lease; nothing was read or written. `paused`: the time slice is used up;
 * the same request goes on where it stopped.
 */
export type MappingRunResult =
  | {
      readonly status: 'done';
      /** The rows of the log; of a dry run, the rows it would have written. */
      readonly syncJobs: readonly SyncJob[];
      /** Actions of a dry run; empty for a run that wrote. */
      readonly plan: readonly PlannedAction[];
      /** Requests of the whole run, those before the first pass included. */
      readonly requests: RequestCounts;
      /** What the mapping had to do without; a mapping that cannot run at all has no rows. */
      readonly shortcomings: readonly Shortcoming[];
    }
  | { readonly status: 'busy' }
  | { readonly status: 'paused' };

/**
 * Runs one mapping. Record failures are counted, not thrown. Raises SyncFailure when the run cannot go on; watermarks
 * then stay where they were, and what was done is found unchanged by the next run (E-51).
 */
export async function runMapping(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  request: RunRequest,
): Promise<MappingRunResult> {
  // Their header names the lines that are synchronised with it.
  if (request.chosen === null) refuseLinesAlone(findMapping(mappings, request.mapping));
  const metered = meteredPorts(ports);
  const { mapping, shortcomings } = await fitForRun(
    metered.ports,
    withOwnDirection(findMapping(mappings, request.mapping)),
  );
  tellOnce(ports, shortcomings);
  const isFit = mapping.enabled || shortcomings.length === 0;
  const others = isFit ? await fitToCompanionApp(metered.ports, mappings) : [];
  const result = isFit ? await runFitted(metered, others, mapping, request) : notRun;
  return result.status === 'done' ? { ...result, shortcomings } : result;
}

/** A mapping that cannot work here: nothing was read or written. */
const notRun: Extract<MappingRunResult, { status: 'done' }> = {
  status: 'done',
  syncJobs: [],
  plan: [],
  requests: { businessCentral: 0, dataverse: 0 },
  shortcomings: [],
};

async function runFitted(
  metered: MeteredPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
): Promise<MappingRunResult> {
  if (request.dryRun) return planOnly(metered, mappings, mapping, request);
  const held = await takeLease(metered.ports, mapping.name, request.runId);
  return held === null ? { status: 'busy' } : runHeld(metered, mappings, mapping, request, held);
}

async function planOnly(
  metered: MeteredPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
): Promise<MappingRunResult> {
  const { state } = await metered.ports.mappings.get(mapping.name);
  const unheld = { state, lease: null };
  const scope = await openRunScope(metered, mappings, mapping, request, unheld, async () => {});
  const { syncJobs } = await runPasses(scope, null);
  return { ...notRun, syncJobs, plan: scope.planned, requests: requestsOf(scope) };
}

async function runHeld(
  metered: MeteredPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
  held: HeldLease,
): Promise<MappingRunResult> {
  const { ports } = metered;
  let after: MappingState = { ...held.state, mayHaveLeftovers: true, mayHaveRetries: true };
  try {
    await closeStrayErrors(ports, held.state);
    const scope = await openRunScope(
      metered,
      mappings,
      mapping,
      request,
      { state: held.state, lease: held },
      chosenRecords(ports, mappings, request),
    );
    await repairStates(scope);
    const cursor = await cursorOf(scope, held.state);
    if (held.state.mayHaveLeftovers) await scope.options?.publishAll();
    const { syncJobs, next, coupled, paused } = await loggedPasses(scope, cursor);
    await scope.options?.publish();
    const mayHaveLeftovers = await intentsStand(scope);
    if (paused) {
      after = { ...held.state, cursor: paused, mayHaveLeftovers, mayHaveRetries: true };
      return { status: 'paused' };
    }
    after = { ...advanced(scope, next, coupled), mayHaveLeftovers, mayHaveRetries: scope.retries.mayStand };
    return { ...notRun, syncJobs, requests: requestsOf(scope) };
  } finally {
    await releaseLease(ports, held, after);
  }
}

/** Where this run goes on; null when it begins, or begins anew because the mapping was changed in the middle of it. */
async function cursorOf(scope: RunScope, { cursor }: MappingState): Promise<RunCursor | null> {
  if (cursor === null || cursor.runId !== scope.request.runId) return null;
  if (cursor.definition === scope.definition) return cursor;
  await closeAbandonedPass(scope, cursor);
  return null;
}

function requestsOf({ meters }: RunScope): RequestCounts {
  return { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
}

interface Passes {
  readonly syncJobs: readonly SyncJob[];
  readonly next: NextPosition;
  readonly coupled: number;
  /** Where the run goes on; null when it is over. */
  readonly paused: RunCursor | null;
}

/** The row of a pass that ended well is written whatever becomes of the next pass. */
async function loggedPasses(scope: RunScope, cursor: RunCursor | null): Promise<Passes> {
  try {
    return await runPasses(scope, cursor);
  } finally {
    await scope.log.flush();
  }
}

async function runPasses(scope: RunScope, cursor: RunCursor | null): Promise<Passes> {
  const next = nextPosition(scope, cursor);
  const { finished, begun } = await begunSyncJobs(scope, cursor);
  const syncJobs = [...finished];
  let coupled = cursor?.coupled ?? 0;
  const passes = passesOfRun(scope);
  for (const pass of cursor ? passes.slice(passes.indexOf(cursor.pass)) : passes) {
    const result = await runPass(scope, pass, next, pass === cursor?.pass ? begun : null);
    syncJobs.push(result.syncJob);
    coupled += result.coupled;
    if (result.stopped) {
      const syncJobIds = syncJobs.map(({ id }) => id);
      const { runId } = scope.request;
      const { definition } = scope;
      const paused = {
        ...result.stopped,
        ...next,
        runId,
        pass,
        syncJobIds,
        coupled,
        lost: result.lost,
        definition,
      };
      return { syncJobs, next, coupled, paused };
    }
  }
  return { syncJobs, next, coupled, paused: null };
}

function passesOfRun({ mapping, request }: RunScope): readonly PassDirection[] {
  const passes = passesOf(mapping.direction);
  const { chosen } = request;
  return chosen ? passes.filter((pass) => chosen[sourceSide(pass)].length > 0) : passes;
}

/**
 * Runs another mapping for chosen records only, under its own name, its own only-coupled setting and its own lease, with
 * its own rows of the log (E-151); when another run holds it, the records that wait for them wait for the next run (E-66).
 */
export function chosenRecords(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  { runId, trigger }: RunRequest,
): RunScope['synchroniseOther'] {
  return async (name, side, ids) => {
    const mapping = findMapping(mappings, name);
    if (ids.length === 0) return;
    const request = {
      ...runRequestFor(mapping, { runId, trigger: 'action' }),
      trigger,
      chosen: { businessCentral: [], dataverse: [], [side]: ids, withinFilter: true },
    };
    await runMapping(ports, mappings, request);
  };
}

function nextPosition({ state }: RunScope, cursor: RunCursor | null): NextPosition {
  if (cursor) {
    const { businessCentral, dataverse, tokenExpired } = cursor;
    return { businessCentral, dataverse, tokenExpired };
  }
  const businessCentral = {
    newest: state.businessCentralWatermark,
    settledUntil: state.businessCentralSettledUntil,
    readAt: state.businessCentralReadAt,
  };
  return { businessCentral, dataverse: state.dataversePosition, tokenExpired: false };
}

/** The rows of the log an interrupted run goes on with; one that was purged meanwhile begins anew. */
async function begunSyncJobs({ ports }: RunScope, cursor: RunCursor | null) {
  const stored = await Promise.all((cursor?.syncJobIds ?? []).map((id) => ports.logs.syncJob(id)));
  const present = stored.at(-1) ?? null;
  const begun = cursor && present ? { ...cursor, syncJob: present } : null;
  return { finished: stored.slice(0, -1).filter((syncJob) => syncJob !== null), begun };
}

/** Both watermarks move together, after the last pass (E-50). */
function advanced(
  { state, ports, definition, request }: RunScope,
  next: NextPosition,
  coupled: number,
): MappingState {
  // Couplings made elsewhere, such as those of orders from Sales, are not counted.
  const coupledCount = Math.max(0, state.coupledCount + coupled);
  const counted = { ...state, cursor: null, coupledCount };
  if (request.chosen) return counted;
  const before = state.businessCentralWatermark;
  const { newest } = next.businessCentral;
  invariant(before === null || (newest !== null && newest >= before), 'a watermark never goes back (E-5)');
  const moved = next.dataverse !== state.dataversePosition;
  return {
    ...counted,
    businessCentralWatermark: next.businessCentral.newest,
    businessCentralSettledUntil: next.businessCentral.settledUntil,
    businessCentralReadAt: next.businessCentral.readAt,
    definition,
    dataversePosition: next.dataverse,
    dataversePositionAt: moved ? ports.clock.now() : state.dataversePositionAt,
  };
}
