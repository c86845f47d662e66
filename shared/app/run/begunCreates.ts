/**
 * Keeps records that an interrupted create in Business Central may have made from being sent back as new ones (P2).
 *
 * Such a record is uncoupled, so the pass to Dataverse would create a second row for it; it is left to the pass to
 * Business Central, which recognises it by its intent and couples it.
 */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import { couldBeCreatedFrom } from '../../domain/sync/correlate.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { planActions } from './planActions.ts';
import type { RunScope } from './runScope.ts';

/** The uncoupled records without those that hold what a begun create would send. */
export async function withoutBegunCreates(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
  context: RuleContext,
): Promise<readonly RecordPair[]> {
  if (pass === 'toBusinessCentral' || !scope.begunCreates.mayStand || pairs.length === 0) return pairs;
  scope.begunCreates.values ??= begunValues(scope, context);
  const values = await scope.begunCreates.values;
  return pairs.filter(({ businessCentral }) => {
    return (
      !businessCentral || !values.some((sent) => couldBeCreatedFrom(scope.mapping, sent, businessCentral))
    );
  });
}

/** What each create whose intent stands would send now. */
async function begunValues(scope: RunScope, context: RuleContext): Promise<readonly FieldValues[]> {
  const { ports, mapping, selections } = scope;
  const intents = await ports.couplings.intents(mapping.name);
  if (intents.length === 0) return [];
  const ids = intents.map((intent) => intent.dataverseId);
  const rows = await ports.dataverse.readByIds(selections.dataverse, ids);
  const pairs = rows.map((dataverse) => ({ businessCentral: null, dataverse, coupling: null }));
  const actions = await planActions(scope, 'toBusinessCentral', [{ pairs, matched: false }], context);
  return actions.flatMap((action) => (action.kind === 'insert' ? [action.values as FieldValues] : []));
}

/** Whether intents stand at the end of a run; asks only when one could. */
export async function intentsStand({ ports, mapping, begunCreates }: RunScope): Promise<boolean> {
  if (!begunCreates.mayStand) return false;
  return (await ports.couplings.intents(mapping.name)).length > 0;
}
