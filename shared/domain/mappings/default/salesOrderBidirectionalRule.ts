/** The entity rule of SALESORDER-ORDER both ways: states, release, orders that leave Business Central (D-81 to D-98). */
import { mappingName } from '../../common/ids.ts';
import type { DataverseRow, DataverseWriteValue } from '../../common/records.ts';
import { hasOccurrence, occurrenceColumn } from '../../documents/occurrence.ts';
import { amountInputs } from '../../documents/orderAmounts.ts';
import {
  type EntityRule,
  type LostOutcome,
  type LostSubject,
  nothing,
  plainRule,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import type { RecordProblem } from '../../sync/problems.ts';
import { stateOf } from '../../sync/stateSteps.ts';
import type { Transfer } from '../../sync/transfer.ts';
import { canonicalText } from '../../sync/values.ts';
import type { FieldMapping } from '../model.ts';
import {
  closedOutcome,
  isReleased,
  orderDocumentStates,
  orderStates,
  progressInputs,
  shipmentValues,
  whyClosed,
  zombie,
} from './salesOrderRule.ts';

/** Named after the customer (D-85); it comes to be active and is submitted once its lines are there. */
function newRow(subject: RuleSubject): RuleOutcome {
  const { businessCentral } = subject;
  const name = canonicalText(businessCentral?.values['customerName']);
  return { kind: 'values', values: { name, ...occurrenceValues(subject) } };
}

/** Which use of its number the order is; one that stands there already stays (D-89). */
function occurrenceValues({
  businessCentral,
  dataverse,
  context,
}: RuleSubject): Record<string, DataverseWriteValue> {
  const occurrence = context.orderOccurrences.get(businessCentral?.id ?? '');
  return occurrence === undefined || (dataverse !== null && hasOccurrence(dataverse))
    ? {}
    : { [occurrenceColumn]: occurrence };
}

/** Submitted, whatever else changes; what is shipped becomes fulfilled after its lines (D-85, D-94). */
function existingRow(subject: RuleSubject): RuleOutcome {
  const state = stateOf(subject.dataverse?.values ?? {});
  const closed = closedOutcome(state, false);
  if (closed) return closed;
  const shipped = { ...shipmentValues(subject), ...occurrenceValues(subject) };
  const isSubmitted = state.statecode === orderStates.submitted.statecode;
  return { kind: 'values', values: { ...shipped, ...(isSubmitted ? {} : orderStates.submitted) } };
}

/** A released order cannot be edited without the companion app's actions (D-34). */
function refusesWrite({ pass, businessCentral }: RuleSubject): RecordProblem | null {
  return pass === 'toDataverse' || businessCentral === null ? null : whyClosed(businessCentral);
}

/** Orders of contacts belong to the customer of their account, which Business Central knows already (D-44). */
function transfer({ id }: FieldMapping, { pass, dataverse }: RuleSubject): Transfer | null {
  const isContact = dataverse?.lookupTables['customerid'] === 'contact';
  return id === 'customerid' && pass === 'toBusinessCentral' && isContact ? { kind: 'keep' } : null;
}

/** A posted or deleted order keeps its coupling, which waits for the archive (D-94, D-97). */
function onLost({ gone }: LostSubject): LostOutcome | null {
  if (gone === 'dataverse') return zombie;
  const reason = 'The order left Business Central; its archive is looked for.';
  return { code: 'order-archived', reason, values: {}, archives: true };
}

export const salesOrderBidirectionalRule: EntityRule = {
  ...plainRule,
  firstTime: 'businessCentralWins',
  facts: ['orderProgress', 'orderOccurrences'],
  isCandidate: isReleased,
  inputs: (pass, source, context) =>
    pass === 'toDataverse' ? progressInputs(pass, source, context) : amountInputs(source as DataverseRow),
  sendsAmounts: true,
  neverInserts: ['toBusinessCentral'],
  documentStates: orderDocumentStates,
  looksForLost: true,
  onLost,
  transfer,
  refusesWrite,
  reopens: { entitySet: 'salesOrderExtras', route: 'companion' },
  fulfils: true,
  submitted: orderStates.submitted,
  lines: {
    mapping: mappingName('SOLINE-ORDERDETAIL'),
    entitySet: 'salesOrderLines',
    route: 'v2.0',
    property: 'documentId',
    parent: { table: 'salesorderdetail', attribute: 'salesorderid' },
  },
  onInsert: (subject) => (subject.pass === 'toDataverse' ? newRow(subject) : nothing),
  onModify: (subject) => (subject.pass === 'toDataverse' ? existingRow(subject) : nothing),
};
