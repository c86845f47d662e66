/** Works through couplings of a mapping page by page, within the time slice of an action. */
import type { ActionProgress, ErrorSelection } from '../../domain/actions/actionRun.ts';
import type { Coupling, CouplingState } from '../../domain/couplings/coupling.ts';
import { renewLease } from '../run/lease.ts';
import type { RunScope } from '../run/runScope.ts';
import { couplingsOfKeys } from './chooseRecords.ts';

/** Couplings worked on at a time; what bounds memory. */
const couplingsAtATime = 1000;

/** Which couplings: those of named records, or all of a state; neither = all of the mapping. */
export interface CouplingChoice {
  readonly records: ErrorSelection;
  readonly state?: CouplingState;
}

/**
 * Hands each page to `work`. Returns where to go on when the slice is used up, else null. `work` may change or remove
 * couplings of its page: the next one begins behind it.
 */
export async function workThroughCouplings(
  scope: RunScope,
  choice: CouplingChoice,
  position: string | null,
  work: (couplings: readonly Coupling[]) => Promise<void>,
): Promise<string | null> {
  let next = position;
  do {
    if (scope.lease) await renewLease(scope.ports, scope.lease);
    const page = await pageOf(scope, choice, next);
    if (page.rows.length > 0) await work(page.rows);
    next = page.continuation;
  } while (next !== null && !isOutOfTime(scope));
  return next;
}

/** The same for coupled data errors: those of named records, or all; an action that was cut off goes on where it was. */
export function workThroughErrors(
  scope: RunScope,
  records: ErrorSelection,
  progress: ActionProgress | null,
  work: (couplings: readonly Coupling[]) => Promise<void>,
): Promise<string | null> {
  const choice = { records, state: 'skipped' } as const;
  return workThroughCouplings(scope, choice, progress?.position ?? null, work);
}

async function pageOf({ ports, mapping }: RunScope, { records, state }: CouplingChoice, next: string | null) {
  if (records !== null) {
    const found = await couplingsOfKeys(ports, mapping, records);
    const rows = found.flatMap((coupling) => coupling ?? []);
    return {
      rows: [...new Map(rows.map((row) => [row.businessCentralId, row])).values()],
      continuation: null,
    };
  }
  const query = { mapping: mapping.name, ...(state === undefined ? {} : { state }) };
  return ports.couplings.list(query, { top: couplingsAtATime, continuation: next });
}

function isOutOfTime({ ports, sliceEnd, request }: RunScope): boolean {
  return !request.dryRun && ports.clock.now() >= sliceEnd;
}
