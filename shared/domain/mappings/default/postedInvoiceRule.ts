/** The entity rule of POSTEDSALESINV-INV: order link, customer, price list, lines, totals, state (D-121 to D-133, E-108 to E-110). */
import { dataverseId, mappingName } from '../../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  LookupReference,
} from '../../common/records.ts';
import { invoiceStates, isEditable, isInState, standInput, standOf } from '../../documents/invoiceState.ts';
import { lastResult } from '../../sync/changed.ts';
import {
  type EntityRule,
  nothing,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import type { Lookups } from '../../sync/lookups.ts';
import type { RecordPair } from '../../sync/planTypes.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import { groupNameOfAsset } from '../../sync/salesUnits.ts';
import { type Transfer, transferField } from '../../sync/transfer.ts';
import { canonicalText, isBlank } from '../../sync/values.ts';
import { type FieldMapping, fieldsOfPass } from '../model.ts';
import { invoiceFollowUps, invoiceRelatedReads } from './invoiceFollowUps.ts';
import { invoiceDetails, lineProblem } from './invoiceLines.ts';
import { type InvoicePriceList, priceListOf } from './invoicePrices.ts';
import {
  accountOf,
  assetOfLine,
  customerReference,
  invoiceLines,
  invoiceSourceReads,
  invoiceTargetReads,
  linesOf,
  mappingNamed,
  numberOf,
  orderOf,
  productOfLine,
  shipmentMethodOf,
} from './invoiceReads.ts';
import { closingTotals, openingTotals } from './invoiceTotals.ts';

type Values = Readonly<Record<string, DataverseWriteValue>>;
type Raised = Extract<RuleOutcome, { kind: 'problem' }>;

const invoices = mappingName('POSTEDSALESINV-INV');

function raise(raised: RecordProblem): Raised {
  return { kind: 'problem', problem: raised };
}

function referenceIn(row: DataverseRow, attribute: string, table?: string): LookupReference | null {
  const id = canonicalText(row.values[attribute]);
  const target = table ?? row.lookupTables[attribute];
  return id === '' || target === undefined ? null : { table: target, id: dataverseId(id) };
}

/** What an invoice takes from the order it belongs to (D-124, E-109). */
function fromOrder(order: DataverseRow): Values {
  return {
    name: canonicalText(order.values['name']),
    salesorderid: { table: 'salesorder', id: order.id },
    opportunityid: referenceIn(order, 'opportunityid', 'opportunity'),
    pricelevelid: referenceIn(order, 'pricelevelid', 'pricelevel'),
    customerid: referenceIn(order, 'customerid'),
    ownerid: referenceIn(order, 'ownerid'),
  };
}

/** The account of the sell-to customer, or why the invoice cannot have one (D-124). */
function accountId(
  invoice: BusinessCentralRecord,
  order: DataverseRow | null,
  context: RuleContext,
  lookups: Lookups,
): string | RecordProblem {
  const reference = customerReference(invoice);
  const answer = lookups.find(reference);
  const parameters = [reference.value];
  if (answer.status !== 'coupled') {
    const message = `The customer ${reference.value} of the invoice has no account in Sales yet.`;
    return problem('invoice-customer-changed', {
      message,
      kind: 'dependency',
      field: 'customerid',
      parameters,
    });
  }
  if (order === null || accountOf(order, context) === answer.id) return answer.id;
  const named = canonicalText(order.values['ordernumber']);
  const message = `The invoice is for customer ${reference.value}, which is not the customer of the order ${named} any more.`;
  return problem('invoice-customer-changed', {
    message,
    field: 'customerid',
    parameters: [...parameters, named],
  });
}

/** What belongs to the invoice beside its mapped fields, or why it cannot be made. */
function derivedValues(
  subject: RuleSubject,
  invoice: BusinessCentralRecord,
): { values: Values; list: InvoicePriceList | null } | Raised {
  const { context, lookups } = subject;
  const order = orderOf(invoice, context);
  const account = accountId(invoice, order, context, lookups);
  if (typeof account !== 'string') return raise(account);
  const description = isBlank(invoice.values['workDescription']) ? shipmentMethodOf(invoice, context) : '';
  const shared = { ...openingTotals(context.documents), ...(description === '' ? {} : { description }) };
  if (order) {
    const pricelevelid = referenceIn(order, 'pricelevelid', 'pricelevel');
    const list = pricelevelid ? { id: pricelevelid.id, prepared: [] } : null;
    return { values: { ...shared, ...fromOrder(order) }, list };
  }
  const list = priceListOf(invoice, context, lookups);
  if ('code' in list) return raise(list);
  const values = {
    ...shared,
    name: numberOf(invoice.values),
    customerid: { table: 'account', id: dataverseId(account) },
    pricelevelid: { table: 'pricelevel', id: list.id },
  };
  return { values, list };
}

/** Name and address of the goods, and their date, which lines take over as the invoice has them (D-127). */
function sharedWithLines(invoice: BusinessCentralRecord, { context, lookups }: RuleSubject): Values {
  const mapping = mappingNamed(context, invoices);
  const values: Record<string, DataverseWriteValue> = {};
  for (const field of mapping ? fieldsOfPass(mapping, 'toDataverse') : []) {
    const attribute = field.dataverse?.attribute ?? '';
    if (!mapping || !(attribute.startsWith('shipto_') || attribute === 'datedelivered')) continue;
    const transfer = transferField(mapping, field, 'toDataverse', invoice.values, lookups);
    if (transfer.kind !== 'write' || transfer.value === null) continue;
    values[attribute === 'datedelivered' ? 'actualdeliveryon' : attribute] = transfer.value;
  }
  return values;
}

/** Everything a new invoice is made of: itself, its lines, its totals and its state come to be together (D-161). */
function newInvoice(subject: RuleSubject): RuleOutcome {
  const { businessCentral: invoice, context, lookups } = subject;
  if (!invoice) return nothing;
  const blocked = lineProblem(invoice, context, lookups);
  return blocked ? raise(blocked) : madeInvoice(subject, invoice);
}

function madeInvoice(subject: RuleSubject, invoice: BusinessCentralRecord): RuleOutcome {
  const { context, lookups } = subject;
  const derived = derivedValues(subject, invoice);
  if ('kind' in derived) return derived;
  const { values, list } = derived;
  const header = sharedWithLines(invoice, subject);
  const lines = invoiceDetails({ invoice, context, lookups, header, list });
  if (lines.kind === 'problem') return lines;
  const totals = closingTotals(invoice, linesOf(invoice, context), context.documents);
  const { statecode, statuscode } = invoiceStates[standOf(invoice.values)];
  return {
    kind: 'values',
    values,
    details: lines.details,
    afterDetails: [totals, { statecode, statuscode }],
    prepared: [...(list?.prepared ?? []), ...lines.prepared],
  };
}

/**
 * An invoice that is there keeps what it was made with; one that nobody can rely on gets the lines it lacks. Its state
 * follows once its stand has changed.
 */
function existingInvoice(subject: RuleSubject): RuleOutcome {
  const { businessCentral: invoice, dataverse, isUnsettled } = subject;
  if (!invoice || !dataverse) return nothing;
  if (isUnsettled && isEditable(dataverse.values)) {
    const made = madeInvoice(subject, invoice);
    return made.kind === 'problem' ? made : { ...made, values: {} };
  }
  const stand = standOf(invoice.values);
  const isMoved = subject.inputChanged(standInput, stand) && isEditable(dataverse.values);
  if (!isMoved || isInState(dataverse.values, invoiceStates[stand])) return nothing;
  return { kind: 'values', values: { ...invoiceStates[stand] } };
}

const keep: Transfer = { kind: 'keep' };

/** What the usual transfer would undo: values that came from the order or stand for a missing description. */
function transferOf({ id, dataverse: theirs }: FieldMapping, subject: RuleSubject): Transfer | null {
  const { businessCentral: invoice, dataverse, context } = subject;
  if (dataverse && !isEditable(dataverse.values)) return keep;
  if (id === 'ownerid' && dataverse && !isBlank(dataverse.values['salesorderid'])) return keep;
  if (id === 'ownerid' && invoice && orderOf(invoice, context)) return keep;
  const isEmptied = id === 'description' && isBlank(invoice?.values['workDescription']);
  return dataverse && theirs && isEmptied ? keep : null;
}

/** An invoice that is paid or canceled in Sales is read-only: only a new stand concerns it (D-123, E-19). */
function leavesAlone(
  { businessCentral, dataverse, coupling }: RecordPair,
  inputChanged: RuleSubject['inputChanged'],
): boolean {
  if (!businessCentral || !dataverse || isEditable(dataverse.values)) return false;
  const hadFailed = coupling !== null && lastResult(coupling, 'toDataverse')?.result !== 'success';
  return !hadFailed && !inputChanged(standInput, standOf(businessCentral.values));
}

/** Only what is to be made, or may be incomplete, needs to know its lines. */
function needsReads({ coupling, dataverse }: RecordPair): boolean {
  return coupling === null || dataverse === null || lastResult(coupling, 'toDataverse')?.result !== 'success';
}

export const postedInvoiceRule: EntityRule = {
  ...plainRule,
  facts: ['salesSetup', 'unitGroups'],
  inputs: (pass, { values }) => (pass === 'toDataverse' ? { [standInput]: standOf(values) } : {}),
  leavesAlone,
  needsReads,
  sourceReads: invoiceSourceReads,
  targetReads: invoiceTargetReads,
  detailMapping: invoiceLines,
  references: (_pass, source, context) => {
    const invoice = source as BusinessCentralRecord;
    const lines = linesOf(invoice, context);
    if (lines.length === 0) return [];
    const currency = canonicalText(invoice.values['currencyCode']);
    return [
      customerReference(invoice),
      { mapping: mappingName('CURRENCY'), side: 'businessCentral', by: 'key', value: currency },
      ...lines.flatMap((line) => productOfLine(line, context) ?? []),
    ];
  },
  unitGroupNames: (_pass, source, context) =>
    context.unitGroupMapping
      ? linesOf(source as BusinessCentralRecord, context).flatMap((line) => {
          const asset = assetOfLine(line);
          return asset ? groupNameOfAsset(asset.type, asset.number) : [];
        })
      : [],
  transfer: transferOf,
  match: {
    attribute: 'invoicenumber',
    isPlain: true,
    value: ({ businessCentral }) => businessCentral?.values['number'] ?? null,
    isCounterpart: ({ context }, row) =>
      context.stamp.company === null || row.values['bcbi_companyid'] === context.stamp.company,
  },
  onInsert: newInvoice,
  onModify: existingInvoice,
  relatedReads: (_pass, done) => invoiceRelatedReads(done),
  followUps: (_pass, done, related, context) => invoiceFollowUps(done, related, context),
};
