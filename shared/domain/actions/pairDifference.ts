/** Whether two coupled records agree, judged by what would have to be written to make them agree. */
import type { PassDirection } from '../common/directions.ts';
import type { FieldValue } from '../common/records.ts';
import type { TableMapping } from '../mappings/model.ts';
import { isWriting, type PlannedAction } from '../sync/planTypes.ts';

/** A field whose values differ; each as the side to be written would hold it. */
export interface DifferingField {
  readonly businessCentralField: string | null;
  readonly attribute: string;
  readonly businessCentralValue: FieldValue;
  readonly dataverseValue: FieldValue;
}

/** Null when nothing would be written; a reason when it cannot be told, such as a reference that is not coupled. */
export interface PairDifference {
  readonly fields: readonly DifferingField[];
  readonly code: string | null;
  readonly reason: string | null;
}

/**
 * What a pass in which the source overwrites the target would change. The second pass of a bidirectional mapping adds only
 * the fields that travel its way alone: the others have been compared. Pure.
 */
export function pairDifference(
  mapping: TableMapping,
  pass: PassDirection,
  action: PlannedAction,
): PairDifference | null {
  if (action.kind === 'fail' || action.kind === 'conflict')
    return { fields: [], code: action.problem.code, reason: action.problem.message };
  if (!isWriting(action)) return null;
  const isSecond = mapping.direction === 'both' && pass === 'toBusinessCentral';
  const fields = action.fields
    .filter(({ attribute }) => !isSecond || isOwnField(mapping, attribute))
    .map(({ businessCentralField = null, attribute, before, after }) =>
      pass === 'toDataverse'
        ? { businessCentralField, attribute, businessCentralValue: after, dataverseValue: before }
        : { businessCentralField, attribute, businessCentralValue: before, dataverseValue: after },
    );
  return fields.length === 0 ? null : { fields, code: null, reason: null };
}

function isOwnField({ fields }: TableMapping, attribute: string): boolean {
  return fields.some(
    (field) => field.dataverse?.attribute === attribute && field.direction === 'toBusinessCentral',
  );
}

/** The passes worth comparing: the second of a bidirectional mapping only when fields travel its way alone. */
export function comparedPasses({ direction, fields }: TableMapping): readonly PassDirection[] {
  if (direction !== 'both') return [direction];
  const hasOwn = fields.some((field) => field.enabled && field.direction === 'toBusinessCentral');
  return hasOwn ? ['toDataverse', 'toBusinessCentral'] : ['toDataverse'];
}
