/** Dry runs: what runs would do, as a plan, with nothing written anywhere. */
import { addCounters, type Counters, type RequestCounts, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { counterOf } from '../../domain/sync/outcome.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import type { RunRequest } from '../run/runScope.ts';
import { runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { countingPorts } from './countingPorts.ts';

/** Which kind of run is planned; each keeps to its own rules (E-20, E-137). */
export type PlannedTrigger = 'manual' | 'fullSync';

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
  const meters = { businessCentral: new RequestMeter(), dataverse: new RequestMeter() };
  const counting = countingPorts(ports, meters);
  const actions: PlannedAction[] = [];
  for (const mapping of chosen) {
    const result = await runMapping(counting, mappings, dryRunRequest(ports, mapping, trigger));
    if (result.status === 'done') for (const action of result.plan) actions.push(action);
  }
  const requests = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  return { actions, counts: countsOf(actions), requests };
}

function dryRunRequest(ports: SyncPorts, mapping: TableMapping, trigger: PlannedTrigger): RunRequest {
  const isFull = trigger === 'fullSync';
  return {
    job: mapping.name,
    mapping: mapping.name,
    runId: ports.ids.runId(ports.clock.now()),
    trigger,
    onlyCoupled: isFull ? false : mapping.syncOnlyCoupled,
    fromScratch: isFull,
    firstTime: isFull ? 'businessCentralWins' : 'conflict',
    dryRun: true,
  };
}

/** The counters the runs would end with, counted as a run counts its records (E-47). */
function countsOf(actions: readonly PlannedAction[]): Counters {
  return actions.reduce((counts, { kind }) => addCounters(counts, { [counterOf(kind)]: 1 }), zeroCounters);
}
