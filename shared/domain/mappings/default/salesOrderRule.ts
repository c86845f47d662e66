/** The entity rule of SALESORDER-ORDER one way: states, orders that leave Business Central (D-72 to D-80, D-96 to D-98). */
import type { PassDirection } from '../../common/directions.ts';
import type { BusinessCentralRecord, DataverseRow, DataverseWriteValue } from '../../common/records.ts';
import {
  type EntityRule,
  type LostOutcome,
  type LostSubject,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import { type DocumentState, type DocumentStates, stateOf } from '../../sync/stateSteps.ts';
import { canonicalText, isBlank } from '../../sync/values.ts';
import { orderStatusKey } from './orderFields.ts';

/** States of a Sales order (D-13), each with the status the service gives it (D-18). */
export const orderStates = {
  active: { statecode: 0, statuscode: 2 },
  submitted: { statecode: 1, statuscode: 3 },
  canceled: { statecode: 2, statuscode: 4 },
  fulfilled: { statecode: 3, statuscode: 100001 },
  invoiced: { statecode: 4, statuscode: 100003 },
} as const satisfies Readonly<Record<string, DocumentState>>;

/** Active orders can be edited; a submitted one can be made active again (D-20). */
export const orderDocumentStates: DocumentStates = {
  editable: orderStates.active,
  reopenedUpTo: orderStates.submitted.statecode,
};

const lastSubmit = 'lastbackofficesubmit';

/** Why an order cannot be written to although it is released: without the companion app nothing reopens it (D-34). */
export function whyClosed({ values }: BusinessCentralRecord): RecordProblem | null {
  if (orderStatusKey in values || values['status'] !== 'Open') return null;
  const message = `Order ${canonicalText(values['number'])} is released and cannot be changed from outside.`;
  return problem('ORDER_RELEASED_NOT_EDITABLE', { message });
}

/** The companion page tells Released from Pending Prepayment; without it, whatever the standard page calls Open passes (D-75). */
export function isReleased(pass: PassDirection, source: BusinessCentralRecord | DataverseRow): boolean {
  if (pass === 'toBusinessCentral') return true;
  const status = source.values[orderStatusKey] ?? null;
  return status === null || status === 'Released';
}

/** Progress that no column carries: an order that is invoiced or shipped without another change is changed all the same. */
export function progressInputs(
  pass: PassDirection,
  source: BusinessCentralRecord | DataverseRow,
  { orderProgress }: RuleContext,
): ReturnType<EntityRule['inputs']> {
  const progress = pass === 'toDataverse' ? orderProgress.get(source.id) : undefined;
  if (!progress) return {};
  const { isInvoiced, isShipped, lastShipmentDate } = progress;
  return { isInvoiced, isShipped, ...(lastShipmentDate === undefined ? {} : { lastShipmentDate }) };
}

/** When the last of the goods went out, where the companion page does not tell (D-32). */
export function shipmentValues({
  businessCentral,
  context,
}: RuleSubject): Record<string, DataverseWriteValue> {
  const date = context.orderProgress.get(businessCentral?.id ?? '')?.lastShipmentDate;
  return date === undefined ? {} : { datefulfilled: date };
}

/** Canceled and invoiced orders take no change any more. */
export function closedForGood({ statecode }: DocumentState): boolean {
  return statecode === orderStates.canceled.statecode || statecode === orderStates.invoiced.statecode;
}

/** Canceled and invoiced orders are closed for good; a fulfilled one can still become invoiced (D-13, D-20). */
export function closedOutcome(state: DocumentState, isInvoiced: boolean): RuleOutcome | null {
  const isOpen = state.statecode <= orderStates.submitted.statecode;
  if (isOpen) return null;
  const mayBeInvoiced = isInvoiced && state.statecode === orderStates.fulfilled.statecode;
  return {
    kind: 'instead',
    values: mayBeInvoiced ? orderStates.invoiced : {},
    code: 'order-closed',
    reason: 'The Sales order is canceled, fulfilled or invoiced and takes no more changes.',
  };
}

/** Invoiced once all of it is, else submitted; one that is submitted keeps its status (D-73, D-79). */
function stateAfterWrite(subject: RuleSubject): RuleOutcome {
  const { dataverse, businessCentral, context } = subject;
  const state = stateOf(dataverse?.values ?? {});
  const isInvoiced = context.orderProgress.get(businessCentral?.id ?? '')?.isInvoiced ?? false;
  const closed = closedOutcome(state, isInvoiced);
  if (closed) return closed;
  const shipped = shipmentValues(subject);
  if (isInvoiced) return { kind: 'values', values: { ...shipped, ...orderStates.invoiced } };
  const isSubmitted = state.statecode === orderStates.submitted.statecode;
  return { kind: 'values', values: { ...shipped, ...(isSubmitted ? {} : orderStates.submitted) } };
}

/** An order that can still be edited also gets the day of its last shipment where it has none (D-32, D-74). */
function invoicedValues({ pair, context }: LostSubject): LostOutcome['values'] {
  const values = pair.dataverse?.values ?? {};
  const day = context.postedOrders.get(pair.coupling?.businessCentralId ?? '') ?? null;
  const isOpen = stateOf(values).statecode <= orderStates.submitted.statecode;
  const isMissing = day !== null && isOpen && isBlank(values['datefulfilled']);
  return isMissing ? { datefulfilled: day, ...orderStates.invoiced } : orderStates.invoiced;
}

/**
 * An order that was posted ends as invoiced (D-79, D-80); one that a user deleted can be edited and submitted again
 * (D-96), unless it is closed. A Sales order that is gone takes its coupling along (D-98).
 */
function onLost(lost: LostSubject): LostOutcome {
  const { gone, pair, context } = lost;
  if (gone === 'dataverse') return zombie;
  const { statecode } = stateOf(pair.dataverse?.values ?? {});
  const isCanceled = statecode === orderStates.canceled.statecode;
  if (context.postedOrders.has(pair.coupling?.businessCentralId ?? '')) {
    const reason = 'The order was posted in Business Central.';
    return { code: 'order-posted', reason, values: isCanceled ? {} : invoicedValues(lost) };
  }
  const isOpen = statecode <= orderStates.submitted.statecode;
  const reason = 'The order was deleted in Business Central; the Sales order can be submitted again.';
  return {
    code: 'order-deleted',
    reason,
    values: isOpen ? { ...orderStates.active, [lastSubmit]: null } : {},
  };
}

/** A coupling whose Sales order is gone (D-98). */
export const zombie: LostOutcome = {
  code: 'ORDER_ZOMBIE_COUPLING',
  reason: 'The Sales order does not exist any more; the order in Business Central stays as it is.',
  values: {},
};

export const salesOrderRule: EntityRule = {
  ...plainRule,
  facts: ['orderProgress'],
  isCandidate: isReleased,
  neverInserts: ['toDataverse'],
  inputs: progressInputs,
  documentStates: orderDocumentStates,
  looksForLost: true,
  onLost,
  onModify: stateAfterWrite,
};
