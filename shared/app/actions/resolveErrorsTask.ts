/** Synchronises coupled data errors the way a user decided, or restores what is gone (E-60, E-129, E-144). */
import type { ActionProgress, ActionTask, ChosenDirection } from '../../domain/actions/actionRun.ts';
import { leftOutOf } from '../../domain/actions/coupledDataErrors.ts';
import { passDirections } from '../../domain/common/directions.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RunScope } from '../run/runScope.ts';
import type { ActionWork } from './actionScope.ts';
import { workThroughErrors } from './couplingPages.ts';
import { type ExistingPair, existingPairs } from './existingPairs.ts';
import { FollowingPasses } from './followingPasses.ts';
import type { ChosenPass } from './synchronizeAfter.ts';

type ResolveTask = Extract<ActionTask, { kind: 'synchronizeErrors' | 'restore' }>;

/**
 * Works in pages; each coupling is read with both records first, and left alone when the action does not fit it any more
 * . What fails again waits for a user again. Safe to repeat.
 */
export async function resolveErrorsTask(
  scope: RunScope,
  task: ResolveTask,
  progress: ActionProgress | null,
): Promise<ActionWork> {
  const passes = await FollowingPasses.open(withSkippedRecords(scope), progress?.syncJobs);
  const position = await workThroughErrors(scope, task.records, progress, async (couplings) => {
    for (const chosen of await chosenPasses(scope, task, couplings)) await passes.run(chosen);
  });
  const { coupled, syncJobs, begun } = passes;
  return position === null
    ? { syncJobs, coupled, paused: null }
    : { syncJobs: [], coupled, paused: { position, syncJobs: begun } };
}

/** Skipped records take part: what a user decided about does not wait for one. */
export function withSkippedRecords(scope: RunScope): RunScope {
  return { ...scope, request: { ...scope.request, liftsSkip: true } };
}

async function chosenPasses(
  scope: RunScope,
  task: ResolveTask,
  couplings: readonly Coupling[],
): Promise<readonly ChosenPass[]> {
  const action = task.kind === 'restore' ? 'restore' : 'synchronize';
  const pairs = await existingPairs(scope, couplings);
  const fit = pairs.filter((pair) => leftOutOf(action, scope.mapping, pair) === null);
  return task.kind === 'restore' ? restoringPasses(fit) : directedPasses(fit, task.direction);
}

/** From the record that is left to the side that lost its own (E-144). */
function restoringPasses(pairs: readonly ExistingPair[]): readonly ChosenPass[] {
  return passDirections.map((pass) => {
    const survivors = pairs.filter(
      ({ businessCentral }) => (businessCentral !== null) === (pass === 'toDataverse'),
    );
    return { pass, ids: sourceIds(survivors, pass), manner: 'createNew', firstTime: 'conflict' };
  });
}

/** One direction overwrites the other side; a merge judges both (E-127). */
export function directedPasses(
  pairs: readonly Pick<ExistingPair, 'coupling'>[],
  direction: ChosenDirection,
): readonly ChosenPass[] {
  const manner = direction === 'merge' ? 'judge' : 'force';
  const passes = direction === 'merge' ? passDirections : [direction];
  return passes.map((pass) => ({ pass, ids: sourceIds(pairs, pass), manner, firstTime: 'conflict' }));
}

function sourceIds(pairs: readonly Pick<ExistingPair, 'coupling'>[], pass: ChosenPass['pass']) {
  return pairs.map(({ coupling }) =>
    pass === 'toDataverse' ? coupling.businessCentralId : coupling.dataverseId,
  );
}
