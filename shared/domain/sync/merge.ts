/** The three-way merge of one field: base, Business Central's value, Dataverse's value (E-36, E-37, DESIGN). */
import type { PassDirection } from '../common/directions.ts';
import type { UpdateConflictRule } from '../mappings/model.ts';
import type { FirstTimeRule } from './planTypes.ts';

/** What is known about one field that covers the pass and whose two sides differ. */
export interface FieldDifference {
  readonly pass: PassDirection;
  readonly bidirectional: boolean;
  /** Null when the field has no base. */
  readonly businessCentralChanged: boolean | null;
  readonly dataverseChanged: boolean | null;
  readonly conflictRule: UpdateConflictRule;
  readonly firstTime: FirstTimeRule;
}

/**
 * `write` sends the source's value; `wait` leaves it to the pass of the other direction; `lose` leaves it because
 * the conflict rule prefers the target; `conflict` leaves the record to a user.
 */
export type FieldVerdict = 'write' | 'wait' | 'lose' | 'conflict';

/** Decides about a field whose two sides differ. Pure. */
export function decideField(difference: FieldDifference): FieldVerdict {
  if (!difference.bidirectional) return 'write';
  const { businessCentralChanged, dataverseChanged } = difference;
  if (businessCentralChanged === null || dataverseChanged === null) return decideFirstTime(difference);
  const [sourceChanged, targetChanged] =
    difference.pass === 'toDataverse'
      ? [businessCentralChanged, dataverseChanged]
      : [dataverseChanged, businessCentralChanged];
  if (sourceChanged && targetChanged) return decideConflict(difference);
  return sourceChanged ? 'write' : 'wait';
}

function decideFirstTime(difference: FieldDifference): FieldVerdict {
  if (difference.firstTime === 'conflict') return decideConflict(difference);
  return difference.pass === 'toDataverse' ? 'write' : 'wait';
}

function decideConflict({ conflictRule, pass }: FieldDifference): FieldVerdict {
  if (conflictRule === 'none') return 'conflict';
  const winner: PassDirection = conflictRule === 'sendToDataverse' ? 'toDataverse' : 'toBusinessCentral';
  return pass === winner ? 'write' : 'lose';
}
