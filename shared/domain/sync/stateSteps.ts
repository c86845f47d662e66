/** Writing documents whose state forbids edits: open, write, close again (D-20). */
import type { DataverseRow, DataverseWriteValue, FieldValue } from '../common/records.ts';

/** State and status of a row of Dataverse, which belong together. */
export interface DocumentState {
  readonly statecode: number;
  readonly statuscode: number;
}

/** In which state the rows of a table can be edited. */
export interface DocumentStates {
  /** The state a closed row is put in to be written. */
  readonly editable: DocumentState;
  /** Highest state code from which a row can be put in it. */
  readonly reopenedUpTo: number;
}

type Values = Readonly<Record<string, DataverseWriteValue>>;

/** The writes that carry values to a row, one after the other; null where one is not needed. */
export interface StateSteps {
  readonly open: Values | null;
  readonly fields: Values | null;
  readonly close: Values | null;
  /** What the row was before, to be put back when its fields are refused. */
  readonly before: DocumentState;
  /** What the row is to be in the end. */
  readonly end: DocumentState;
}

/** State and status of a row as read; a row without them counts as {0, 0}. */
export function stateOf(values: Readonly<Record<string, DataverseWriteValue | FieldValue>>): DocumentState {
  return { statecode: numberIn(values['statecode']), statuscode: numberIn(values['statuscode']) };
}

function numberIn(value: DataverseWriteValue | FieldValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** Whether two states are the same. */
export function isSameState(one: DocumentState, other: DocumentState): boolean {
  return one.statecode === other.statecode && one.statuscode === other.statuscode;
}

/**
 * The steps for these values. A state among them is where the row ends; without one a closed row is closed again as it was
 * (D-20). A change of the state alone is one write. Pure.
 */
export function stateSteps(
  row: DataverseRow,
  values: Values,
  { editable }: Pick<DocumentStates, 'editable'>,
): StateSteps {
  const before = stateOf(row.values);
  const end = 'statecode' in values || 'statuscode' in values ? stateOf({ ...before, ...values }) : before;
  const { statecode: _state, statuscode: _status, ...fields } = values;
  const hasFields = Object.keys(fields).length > 0;
  const isOpen = before.statecode === editable.statecode;
  const opened = hasFields && !isOpen ? editable : before;
  return {
    open: hasFields && !isOpen ? { ...editable } : null,
    fields: hasFields ? fields : null,
    close: isSameState(opened, end) ? null : { ...end },
    before,
    end,
  };
}
