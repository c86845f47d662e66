/**
 * The run of a mapping, from lease to watermark; read this to know the product.
 *
 * Each pass reads candidates (candidates.ts), pairs them with their couplings and counterparts (pairRecords.ts), looks
 * for matches before it creates (matchRecords.ts), plans (planActions.ts, pure core in shared/domain/sync), applies
 * (applyActions.ts) and records (recordOutcomes.ts). Business Central to Dataverse comes first (E-10).
 */
import { covers, passesOf } from '../domain/common/directions.ts';
import type { RequestCounts, SyncJob } from '../domain/logs/syncJob.ts';
import { findMapping } from '../domain/mappings/catalog.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import type { PlannedAction } from '../domain/sync/planTypes.ts';
import type { MappingState } from '../ports/mappingStore.ts';
import { intentsStand } from './run/begunCreates.ts';
import type { NextPosition } from './run/candidates.ts';
import { type HeldLease, releaseLease, takeLease } from './run/lease.ts';
import { runPass } from './run/runPass.ts';
import { openRunScope, type RunRequest, type RunScope } from './run/runScope.ts';
import type { SyncPorts } from './syncPorts.ts';

/** `busy`: another run of the mapping holds the lease; nothing was read or written. */
export type MappingRunResult =
  | {
      readonly status: 'done';
      /** The rows of the log; of a dry run, the rows it would have written. */
      readonly syncJobs: readonly SyncJob[];
      /** Actions of a dry run; empty for a run that wrote. */
      readonly plan: readonly PlannedAction[];
      /** Requests of the whole run, those before the first pass included. */
      readonly requests: RequestCounts;
    }
  | { readonly status: 'busy' };

/**
 * Runs one mapping. Record failures are counted, not thrown. Raises SyncFailure when the run cannot go on; watermarks
 * then stay where they were, and what was done is found unchanged by the next run (E-51).
 */
export async function runMapping(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  request: RunRequest,
): Promise<MappingRunResult> {
  const mapping = findMapping(mappings, request.mapping);
  if (request.dryRun) {
    const { state } = await ports.mappings.get(mapping.name);
    const scope = await openRunScope(ports, mappings, mapping, request, { state, lease: null });
    const { syncJobs } = await runPasses(scope);
    return { status: 'done', syncJobs, plan: scope.planned, requests: requestsOf(scope) };
  }
  const held = await takeLease(ports, mapping.name, request.runId);
  if (held === null) return { status: 'busy' };
  return runHeld(ports, mappings, mapping, request, held);
}

async function runHeld(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
  held: HeldLease,
): Promise<MappingRunResult> {
  let after: MappingState = { ...held.state, openIntents: covers(mapping.direction, 'toBusinessCentral') };
  try {
    const scope = await openRunScope(ports, mappings, mapping, request, { state: held.state, lease: held });
    const { syncJobs, next, coupled } = await runPasses(scope);
    after = { ...advanced(scope, next, coupled), openIntents: await intentsStand(scope) };
    return { status: 'done', syncJobs, plan: [], requests: requestsOf(scope) };
  } finally {
    await releaseLease(ports, held, after);
  }
}

function requestsOf({ meters }: RunScope): RequestCounts {
  return { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
}

async function runPasses(scope: RunScope) {
  const { state } = scope;
  const next: NextPosition = {
    businessCentral: {
      newest: state.businessCentralWatermark,
      settledUntil: state.businessCentralSettledUntil,
      readAt: state.businessCentralReadAt,
    },
    dataverse: state.dataversePosition,
    deletedIds: [],
    tokenExpired: false,
  };
  const syncJobs: SyncJob[] = [];
  let coupled = 0;
  for (const pass of passesOf(scope.mapping.direction)) {
    const result = await runPass(scope, pass, next);
    syncJobs.push(result.syncJob);
    coupled += result.coupled;
  }
  return { syncJobs, next, coupled };
}

/** Both watermarks move together, after the last pass (E-50). */
function advanced({ state, ports, definition }: RunScope, next: NextPosition, coupled: number): MappingState {
  const moved = next.dataverse !== state.dataversePosition;
  return {
    ...state,
    businessCentralWatermark: next.businessCentral.newest,
    businessCentralSettledUntil: next.businessCentral.settledUntil,
    businessCentralReadAt: next.businessCentral.readAt,
    definition,
    dataversePosition: next.dataverse,
    dataversePositionAt: moved ? ports.clock.now() : state.dataversePositionAt,
    coupledCount: state.coupledCount + coupled,
  };
}
