/** Only active orders, draft quotes and active invoices can be edited (dataverse-web-api section 8, D-20). */
import { invalidArgument } from '../../errors.ts';
import { numberOf, type Row } from '../../store/row.ts';
import type { RowDraft } from '../rowDraft.ts';
import { kindOfHeader } from './documents.ts';

const editableState = 0;
/** Assigning and changing the state are messages of their own and always possible. */
const alwaysWritable: readonly string[] = [
  'statecode',
  'statuscode',
  '_ownerid_value',
  '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname',
];

/** Raises 400 when the caller writes other columns than the state of a document that is closed for editing. */
export function checkEditable(draft: RowDraft): void {
  const { before, table } = draft;
  if (!before || !kindOfHeader(table.logicalName) || isEditable(before)) return;
  if (draft.changes['statecode'] === editableState) return;
  if (Object.keys(draft.changes).every((property) => alwaysWritable.includes(property))) return;
  refuseEdit(table.logicalName);
}

/** Raises 400 when lines of this header cannot be written. */
export function checkLinesEditable(headerTable: string, header: Row): void {
  if (!isEditable(header)) refuseEdit(headerTable);
}

/** Whether prices and columns of the document may change. */
export function isEditable(header: Row): boolean {
  return numberOf(header, 'statecode') === editableState;
}

function refuseEdit(logicalName: string): never {
  throw invalidArgument(`The ${logicalName} cannot be modified because it is not in an editable state.`);
}
