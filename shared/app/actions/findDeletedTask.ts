/** Finds couplings of records that are gone, by keys in bulk, and marks them for a user (E-143, E-142). */
import type { ActionProgress } from '../../domain/actions/actionRun.ts';
import { lostProblem } from '../../domain/actions/coupledDataErrors.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { RunScope } from '../run/runScope.ts';
import { countInto, finishActionJob, openActionJob } from './actionLog.ts';
import type { ActionWork } from './actionScope.ts';
import { workThroughCouplings } from './couplingPages.ts';
import { type ExistingPair, existingPairs } from './existingPairs.ts';
import { markWaiting } from './markWaiting.ts';
import { removeCouplings } from './removeCouplings.ts';

/** Under which the log row of the action stands among those it has begun. */
const ownRow = 'coupling';

interface FindWork {
  readonly scope: RunScope;
  syncJob: SyncJob;
  removed: number;
}

/**
 * A record that only left a filter exists and is not marked. Couplings of which both records are gone are removed (E-142);
 * those that wait for a user already stay as they are. Safe to repeat.
 */
export async function findDeletedTask(scope: RunScope, progress: ActionProgress | null): Promise<ActionWork> {
  const syncJob = await openActionJob(scope, 'coupling', progress?.syncJobs[ownRow]);
  const work: FindWork = { scope, syncJob, removed: 0 };
  const position = await workThroughCouplings(
    scope,
    { records: null },
    progress?.position ?? null,
    async (couplings) => markPage(work, await existingPairs(scope, couplings)),
  );
  const coupled = -work.removed;
  if (position !== null)
    return { syncJobs: [], coupled, paused: { position, syncJobs: { [ownRow]: work.syncJob.id } } };
  return { syncJobs: [await finishActionJob(scope, work.syncJob)], coupled, paused: null };
}

async function markPage(work: FindWork, pairs: readonly ExistingPair[]): Promise<void> {
  const { scope } = work;
  const lost = pairs.filter(({ businessCentral, dataverse }) => !businessCentral || !dataverse);
  const empty = lost.filter(({ businessCentral, dataverse }) => !businessCentral && !dataverse);
  const marked = lost
    .filter((pair) => !empty.includes(pair) && pair.coupling.state !== 'skipped')
    .map((pair) => ({ pair, raised: lostProblem(pair.coupling, pair) }));
  if (scope.request.dryRun) {
    scope.planned.push(...empty.map((pair) => plannedRemoval(scope, pair)));
    scope.planned.push(
      ...marked.map(({ pair, raised }) => ({ ...head(scope, pair), kind: 'fail' as const, problem: raised })),
    );
  } else {
    await markWaiting(scope, work.syncJob, marked);
    const couplings = empty.map(({ coupling }) => coupling);
    work.removed += await removeCouplings(scope.ports, scope.mapping.name, couplings);
  }
  const counts = { skipped: marked.length, uncoupled: empty.length };
  work.syncJob = await countInto(scope, work.syncJob, counts);
}

function plannedRemoval(scope: RunScope, pair: ExistingPair) {
  const reason = 'Both records are gone.';
  return { ...head(scope, pair), kind: 'uncouple', code: 'coupled-record-deleted', reason } as const;
}

function head({ mapping }: RunScope, pair: ExistingPair) {
  const { businessCentralId, dataverseId, businessCentralName, dataverseName } = pair.coupling;
  return {
    mapping: mapping.name,
    direction: pair.businessCentral === null ? ('toBusinessCentral' as const) : ('toDataverse' as const),
    businessCentralId,
    dataverseId,
    name: pair.businessCentral === null ? dataverseName : businessCentralName,
    pair,
  };
}
