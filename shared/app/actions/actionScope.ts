/** How an action works on a mapping: under its lease, with the scope of a run, leaving its watermarks alone. */

import type { ActionProgress } from '../../domain/actions/actionRun.ts';
import type { RequestCounts, SyncJob } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import { intentsStand } from '../run/begunCreates.ts';
import { type HeldLease, releaseLease, takeLease } from '../run/lease.ts';
import type { RunRequest } from '../run/runScope.ts';
import { openRunScope, type RunScope } from '../run/runScope.ts';
import { chosenRecords } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** What an action's work ended with. */
export interface ActionWork {
  readonly syncJobs: readonly SyncJob[];
  /** Couplings made less couplings removed, for the look-up hint of the mapping. */
  readonly coupled: number;
  /** Where it goes on when its time slice is used up; null when it is over. */
  readonly paused: ActionProgress | null;
}

/** `busy`: another run holds the mapping. `plan` and `requests` serve dry runs. */
export type ActionResult =
  | {
      readonly status: 'done';
      readonly syncJobs: readonly SyncJob[];
      readonly plan: readonly PlannedAction[];
      readonly requests: RequestCounts;
    }
  | { readonly status: 'paused'; readonly progress: ActionProgress }
  | { readonly status: 'busy' };

/** Does the work under the mapping's lease; a dry run needs none. Raises what the work raises. */
export async function underLease(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
  work: (scope: RunScope) => Promise<ActionWork>,
): Promise<ActionResult> {
  if (request.dryRun) {
    const { state } = await ports.mappings.get(mapping.name);
    const scope = await openRunScope(
      ports,
      mappings,
      mapping,
      request,
      { state, lease: null },
      async () => {},
    );
    return resultOf(scope, await work(scope));
  }
  const held = await takeLease(ports, mapping.name, request.runId);
  return held === null ? { status: 'busy' } : workHeld(ports, mappings, mapping, request, held, work);
}

async function workHeld(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  request: RunRequest,
  held: HeldLease,
  work: (scope: RunScope) => Promise<ActionWork>,
): Promise<ActionResult> {
  let after = { ...held.state, mayHaveLeftovers: true, mayHaveRetries: true };
  try {
    const first = chosenRecords(ports, mappings, request);
    const scope = await openRunScope(
      ports,
      mappings,
      mapping,
      request,
      { state: held.state, lease: held },
      first,
    );
    const done = await work(scope);
    await scope.options?.publish();
    const coupledCount = Math.max(0, held.state.coupledCount + done.coupled);
    // A run that was cut off before this action is still to be looked after by the next run.
    const mayHaveLeftovers = held.state.mayHaveLeftovers || (await intentsStand(scope));
    // What was coupled now, and what failed, waits for the next run.
    after = { ...held.state, coupledCount, mayHaveLeftovers, mayHaveRetries: true };
    return resultOf(scope, done);
  } finally {
    await releaseLease(ports, held, after);
  }
}

function resultOf(scope: RunScope, { syncJobs, paused }: ActionWork): ActionResult {
  if (paused) return { status: 'paused', progress: paused };
  const { businessCentral, dataverse } = scope.meters;
  const requests = { businessCentral: businessCentral.sent, dataverse: dataverse.sent };
  return { status: 'done', syncJobs, plan: scope.planned, requests };
}
