/**
 * Keeps records that an interrupted create in Business Central may have made from being sent back as new ones (P2).
 *
 * Such a record is uncoupled, so the pass to Dataverse would create a second row for it; it is left to the pass to
 * Business Central, which recognises it by its intent and couples it.
 */
import type { PassDirection } from '../../domain/common/directions.ts';
import { likeness } from '../../domain/sync/correlate.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import type { RunScope } from './runScope.ts';

/** The uncoupled records without those that are like what a begun create sent. */
export async function withoutBegunCreates(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
): Promise<readonly RecordPair[]> {
  if (pass === 'toBusinessCentral' || pairs.length === 0) return pairs;
  const intents = await scope.begunCreates.before();
  if (intents.length === 0) return pairs;
  return pairs.filter(({ businessCentral }) => {
    const isLike = (intent: (typeof intents)[number]) =>
      businessCentral !== null &&
      likeness(scope.mapping, scope.digest, intent.sent, businessCentral) !== 'other';
    return !intents.some(isLike);
  });
}

/** Whether intents stand at the end of a run; asks only when one could. */
export async function intentsStand({ ports, mapping, begunCreates }: RunScope): Promise<boolean> {
  if (!begunCreates.mayStand) return false;
  return (await ports.couplings.intents(mapping.name)).length > 0;
}
