/** The end of writes of an option mapping: the same options in the columns of the sales documents (E-82). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { captionAttribute } from '../../domain/mappings/optionMapping.ts';
import { type OptionValue, optionColumnOf } from '../../domain/options/optionRow.ts';
import { optionNumberOf } from '../../domain/options/optionRowId.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { AppliedAction } from '../run/applyActions.ts';
import type { RunScope } from '../run/runScope.ts';
import type { NotDone } from './optionSet.ts';

type Done = Extract<AppliedAction, { status: 'done' }>;

/**
 * Brings the options of finished actions to the related columns; an action whose option cannot be written there fails,
 * so that it is tried again. Nothing to do for table mappings and for the pass to Business Central.
 */
export async function withRelatedColumns(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
): Promise<readonly AppliedAction[]> {
  if (scope.options === null || pass === 'toBusinessCentral') return ends;
  const done = ends.filter((end) => end.status === 'done');
  const options = new Map(done.map((end) => [end, optionOf(scope, end)]));
  const failed = await scope.options.spread([...options.values()]);
  if (failed.size === 0) return ends;
  return ends.map((end) => {
    const option = end.status === 'done' ? options.get(end) : undefined;
    const outcome = failed.get(option?.value ?? -1);
    return option && outcome
      ? { status: 'failed', action: end.action, problem: problemOf(option, outcome) }
      : end;
  });
}

function optionOf({ mapping }: RunScope, { dataverse }: Done): OptionValue {
  const label = canonicalText(dataverse.values[captionAttribute]);
  return { value: optionNumberOf(optionColumnOf(mapping), dataverse.id) ?? -1, label };
}

function problemOf({ value, label }: OptionValue, outcome: NotDone): RecordProblem {
  const where = `The option ${value} "${label}" could not be written to a column of the sales documents`;
  if (outcome.status === 'refused') {
    const { message, kind, serviceCode } = outcome.problem;
    const parameters = [serviceCode, message];
    return problem('modify-failed', { message: `${where}: ${message}`, kind, parameters });
  }
  const reason = outcome.status === 'unknown' ? outcome.message : 'it changed meanwhile.';
  return problem('outcome-unknown', { message: `${where}: ${reason}` });
}
