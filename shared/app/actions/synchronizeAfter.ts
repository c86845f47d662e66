/** Synchronises records that an action has just coupled, or creates counterparts for those it could not (E-112, E-120, E-121). */
import { covers, type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { UpdateConflictRule } from '../../domain/mappings/model.ts';
import type { FirstTimeRule, RunManner } from '../../domain/sync/planTypes.ts';
import type { NextPosition } from '../run/candidates.ts';
import { runPass } from '../run/runPass.ts';
import type { RunScope } from '../run/runScope.ts';

/** Which records go which way, and how. */
export interface ChosenPass {
  readonly pass: PassDirection;
  readonly ids: readonly (BusinessCentralId | DataverseId)[];
  readonly manner: RunManner;
  readonly firstTime: FirstTimeRule;
}

/** Records named by id move no watermark, so the position they are read at does not matter. */
const nowhere: NextPosition = {
  businessCentral: { newest: null, settledUntil: null, readAt: null },
  dataverse: null,
  tokenExpired: false,
};

/**
 * Runs one pass over chosen records within an action's lease. `begun` is the log row of an earlier part of the same pass.
 * A direction the mapping does not have is left out (E-64).
 */
export async function runChosenPass(
  scope: RunScope,
  { pass, ids, manner, firstTime }: ChosenPass,
  begun: SyncJob | null,
): Promise<{ readonly syncJob: SyncJob | null; readonly coupled: number }> {
  if (ids.length === 0 || !covers(scope.mapping.direction, pass)) return { syncJob: begun, coupled: 0 };
  const chosen = { businessCentral: [], dataverse: [], [sourceSide(pass)]: ids, withinFilter: false };
  const request = { ...scope.request, chosen, manner, firstTime, onlyCoupled: manner !== 'createNew' };
  const position = { side: 'dataverse', page: '' } as const;
  const start = begun ? { syncJob: begun, lost: 0, position, handled: [] } : null;
  const done = await runPass({ ...scope, request }, pass, { ...nowhere }, start);
  await scope.log.flush();
  return done;
}

/**
 * The passes that follow a coupling by match (E-121): the side that the conflict rule prefers overwrites; without a rule
 * both directions are merged, Business Central's values winning where the sides differ (DESIGN decisions).
 */
export function passesAfterMatch(
  updateConflict: UpdateConflictRule,
  pairs: readonly { readonly businessCentralId: BusinessCentralId; readonly dataverseId: DataverseId }[],
): readonly ChosenPass[] {
  const ours = pairs.map(({ businessCentralId }) => businessCentralId);
  const theirs = pairs.map(({ dataverseId }) => dataverseId);
  const manner = updateConflict === 'none' ? 'judge' : 'force';
  const firstTime = 'businessCentralWins';
  const toDataverse: ChosenPass = { pass: 'toDataverse', ids: ours, manner, firstTime };
  const toBusinessCentral: ChosenPass = { pass: 'toBusinessCentral', ids: theirs, manner, firstTime };
  switch (updateConflict) {
    case 'sendToDataverse':
      return [toDataverse];
    case 'getFromDataverse':
      return [toBusinessCentral];
    case 'none':
      return [toDataverse, toBusinessCentral];
  }
}
