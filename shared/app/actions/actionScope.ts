/** How an action works on a mapping: under its lease, with the scope of a run, leaving its watermarks alone. */

import type { ActionProgress } from '../../domain/actions/actionRun.ts';
import type { RequestCounts, SyncJob } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import { fitToCompanionApp, requireFit } from '../fitMappings.ts';
import { intentsStand } from '../run/begunCreates.ts';
import { type HeldLease, releaseLease, takeLease } from '../run/lease.ts';
import {
  type MeteredPorts,
  meteredPorts,
  openRunScope,
  type RunRequest,
  type RunScope,
} from '../run/runScope.ts';
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

/**
 * Does the work under the mapping's lease; a dry run needs none. Raises what the work raises, and SyncFailure when the
 * mapping cannot work in these environments.
 */
export async function underLease(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  wanted: TableMapping,
  request: RunRequest,
  work: (scope: RunScope) => Promise<ActionWork>,
): Promise<ActionResult> {
  const metered = meteredPorts(ports);
  const mapping = await requireFit(metered.ports, wanted);
  const others = await fitToCompanionApp(metered.ports, mappings);
  if (request.dryRun) {
    const unheld = { state: (await ports.mappings.get(mapping.name)).state, lease: null };
    const scope = await openRunScope(metered, others, mapping, request, unheld, async () => {});
    return resultOf(scope, await work(scope));
  }
  const held = await takeLease(ports, mapping.name, request.runId);
  if (held === null) return { status: 'busy' };
  return workHeld(metered, held, work, (first) =>
    openRunScope(
      metered,
      others,
      mapping,
      request,
      { state: held.state, lease: held },
      first(others, request),
    ),
  );
}

type OpenScope = (
  first: (mappings: readonly TableMapping[], request: RunRequest) => RunScope['synchroniseOther'],
) => Promise<RunScope>;

async function workHeld(
  { ports }: MeteredPorts,
  held: HeldLease,
  work: (scope: RunScope) => Promise<ActionWork>,
  open: OpenScope,
): Promise<ActionResult> {
  let after = { ...held.state, mayHaveLeftovers: true, mayHaveRetries: true };
  try {
    const scope = await open((mappings, request) => chosenRecords(ports, mappings, request));
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
