/** Records that a run sets aside before it plans anything, as actions of a plan. */
import type { PassDirection } from '../common/directions.ts';
import type { TableMapping } from '../mappings/model.ts';
import { actionHead } from './plan.ts';
import type { PlannedAction, RecordPair } from './planTypes.ts';

/** `skipped` waits for a user (E-25); `unchanged` agrees with what was last synchronised (E-30). */
export type SetAsideEnd = 'skipped' | 'unchanged';

/** A plan lists every record; those that nothing is done with are listed without their values, which would fill the memory. */
const noPair: RecordPair = { businessCentral: null, dataverse: null, coupling: null };

/** What a plan says of such a record: nothing is written. */
export function setAsideAction(
  mapping: TableMapping,
  pass: PassDirection,
  pair: RecordPair,
  end: SetAsideEnd,
): PlannedAction {
  const head = { ...actionHead({ mapping, pass, pair }), pair: noPair };
  if (end === 'unchanged') return { ...head, kind: 'unchanged', settledFields: [], unsentFields: [] };
  return { ...head, kind: 'skip', code: 'skipped-record', reason: 'The record waits for a user.' };
}
