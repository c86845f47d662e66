/** The entity rule of SALESORDER-ORDER both ways: states, release, orders that leave Business Central (D-81 to D-98). */
import { mappingName } from '../../common/ids.ts';
import type { DataverseRow } from '../../common/records.ts';
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
  lacksPriceList,
  lineDiscountInput,
  lineDiscountValues,
  occurrenceValues,
  orderCurrencyReference,
  orderListReads,
  wantedPriceList,
  withPriceList,
} from './orderRowValues.ts';
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
  const name = canonicalText(subject.businessCentral?.values['customerName']);
  const list = wantedPriceList(subject);
  if (list && 'code' in list) return { kind: 'problem', problem: list };
  return { kind: 'values', ...withPriceList({ name, ...occurrenceValues(subject) }, list) };
}

/** Submitted, whatever else changes; what is shipped becomes fulfilled after its lines (D-85, D-94). */
function existingRow(subject: RuleSubject): RuleOutcome {
  const state = stateOf(subject.dataverse?.values ?? {});
  const closed = closedOutcome(state, false);
  if (closed) return closed;
  const own = {
    ...shipmentValues(subject),
    ...occurrenceValues(subject),
    ...lineDiscountValues(subject),
    ...(state.statecode === orderStates.submitted.statecode ? {} : orderStates.submitted),
  };
  const list = wantedPriceList(subject);
  return { kind: 'values', ...withPriceList(own, list && !('code' in list) ? list : null) };
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
  facts: ['orderProgress', 'orderOccurrences', 'localCurrency'],
  sourceReads: [orderListReads],
  needsReads: ({ dataverse }) => lacksPriceList(dataverse),
  references: (pass, source) => (pass === 'toDataverse' ? [orderCurrencyReference(source)] : []),
  isCandidate: isReleased,
  inputs: (pass, source, context) =>
    pass === 'toDataverse'
      ? { ...progressInputs(pass, source, context), ...lineDiscountInput(source, context) }
      : amountInputs(source as DataverseRow),
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
