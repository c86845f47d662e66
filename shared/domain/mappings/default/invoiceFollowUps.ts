/** What an invoice that is there already still lacks: lines, totals, state (D-127, D-130, D-132, D-136). */
import type { DataverseRow, DataverseWriteValue, LookupReference } from '../../common/records.ts';
import { isLookupReference } from '../../common/records.ts';
import { isEditable, standOf, stateSteps } from '../../documents/invoiceState.ts';
import { type DetailRow, detailId, detailValues, mostDetails } from '../../sync/details.ts';
import type { RuleContext } from '../../sync/entityRule.ts';
import {
  type DoneRecord,
  type FollowUpOutcome,
  type FollowUpWrite,
  noFollowUps,
  type RelatedRead,
  type RelatedRecords,
} from '../../sync/followUps.ts';
import { isWriting } from '../../sync/planTypes.ts';
import { canonicalText } from '../../sync/values.ts';

/** Lines, their amounts, totals; then the state, in as many steps as it takes. */
const phases = { lines: 0, amounts: 1, totals: 2, state: 3 } as const;

function detailsOf({ action }: DoneRecord): readonly DetailRow[] {
  return isWriting(action) ? (action.details ?? []) : [];
}

/** A new invoice was made with all its lines, unless it has more than fit into one transaction. */
function isComplete(done: DoneRecord): boolean {
  return done.action.kind === 'insert' && detailsOf(done).length <= mostDetails;
}

function linesRead({ dataverse }: DoneRecord): Extract<RelatedRead, { side: 'dataverse' }> {
  const attributes = ['lineitemnumber'];
  return {
    side: 'dataverse',
    table: 'invoicedetail',
    attributes,
    attribute: 'invoiceid',
    value: dataverse.id,
  };
}

/** The lines of an invoice whose lines cannot be relied on. */
export function invoiceRelatedReads(done: DoneRecord): readonly RelatedRead[] {
  return isComplete(done) || detailsOf(done).length === 0 ? [] : [linesRead(done)];
}

/** The writes that are still needed; none for an invoice that was just made as a whole. */
export function invoiceFollowUps(
  done: DoneRecord,
  related: RelatedRecords,
  context: RuleContext,
): FollowUpOutcome {
  if (isComplete(done)) return noFollowUps;
  const lines = missingLines(done, related, context);
  return { kind: 'writes', writes: [...lines, ...totals(done), ...stateWrites(done)] };
}

/** Lines are recognised by their key, or by their number within the invoice (D-136). */
function missingLines(
  done: DoneRecord,
  related: RelatedRecords,
  { companyId }: RuleContext,
): readonly FollowUpWrite[] {
  const parent: LookupReference = { table: 'invoice', id: done.dataverse.id };
  const present = detailsOf(done).length === 0 ? [] : related.rows(linesRead(done));
  return detailsOf(done).flatMap((detail): readonly FollowUpWrite[] => {
    const id = detailId(companyId, detail, parent);
    if (present.some((row) => row.id === id || row.values['lineitemnumber'] === detail.lineNumber)) return [];
    const { table } = detail;
    const create = {
      kind: 'createRow',
      phase: phases.lines,
      table,
      id,
      values: detailValues(detail, parent),
    } as const;
    if (Object.keys(detail.later).length === 0) return [create];
    // The version is that of the row the phase before has made.
    const row: DataverseRow = { ...done.dataverse, id, etag: '', values: {}, lookupTables: {} };
    return [create, { kind: 'updateRow', phase: phases.amounts, table, row, values: detail.later }];
  });
}

function totals({ dataverse, action }: DoneRecord): readonly FollowUpWrite[] {
  const [wanted = {}] = isWriting(action) ? (action.afterDetails ?? []) : [];
  if (!isEditable(dataverse.values)) return [];
  const values = differing(dataverse, wanted);
  if (Object.keys(values).length === 0) return [];
  return [{ kind: 'updateRow', phase: phases.totals, table: 'invoice', row: dataverse, values }];
}

function differing(
  row: DataverseRow,
  wanted: Readonly<Record<string, DataverseWriteValue>>,
): Readonly<Record<string, DataverseWriteValue>> {
  const isSame = ([name, value]: [string, DataverseWriteValue]) =>
    canonicalText(isLookupReference(value) ? value.id : value) === canonicalText(row.values[name]);
  return Object.fromEntries(Object.entries(wanted).filter((entry) => !isSame(entry)));
}

/** Follows for an invoice that was checked as a whole, and for one that is closed for editing and stands otherwise now. */
function stateWrites(done: DoneRecord): readonly FollowUpWrite[] {
  const { dataverse, businessCentral } = done;
  if (detailsOf(done).length === 0 && isEditable(dataverse.values)) return [];
  const isLeft = done.action.kind === 'couple' && !isEditable(dataverse.values);
  if (isLeft) return [];
  return stateSteps(dataverse.values, standOf(businessCentral.values)).map((values, step) => ({
    kind: 'updateRow',
    phase: phases.state + step,
    table: 'invoice',
    row: dataverse,
    values: { ...values },
  }));
}
