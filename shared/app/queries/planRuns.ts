/** Dry runs: what runs would do, as a plan, with nothing written anywhere. */
import { addCounters, type Counters, type RequestCounts, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import { runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Which kind of run is planned; each keeps to its own rules (E-20, E-137). */
export type PlannedTrigger = 'manual' | 'fullSync';

/** What runs would do, the counters they would end with, and what planning cost. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  readonly counts: Counters;
  readonly requests: RequestCounts;
}

/**
 * Plans runs of these mappings, one after the other in the given order. Each is planned on what is stored now: records
 * that an earlier run of the list would couple count as not coupled. Raises SyncFailure as runMapping does.
 */
export async function planRuns(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  chosen: readonly TableMapping[],
  trigger: PlannedTrigger,
): Promise<Plan> {
  let plan: Plan = { actions: [], counts: zeroCounters, requests: { businessCentral: 0, dataverse: 0 } };
  for (const mapping of chosen) {
    const runId = ports.ids.runId(ports.clock.now());
    const result = await runMapping(ports, mappings, runRequestFor(mapping, { runId, trigger }, true));
    if (result.status === 'done') plan = joined(plan, result);
  }
  return plan;
}

function joined(
  plan: Plan,
  result: Extract<Awaited<ReturnType<typeof runMapping>>, { status: 'done' }>,
): Plan {
  return {
    actions: plan.actions.concat(result.plan),
    counts: result.syncJobs.reduce((counts, syncJob) => addCounters(counts, syncJob.counts), plan.counts),
    requests: {
      businessCentral: plan.requests.businessCentral + result.requests.businessCentral,
      dataverse: plan.requests.dataverse + result.requests.dataverse,
    },
  };
}
