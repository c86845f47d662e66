/** What an order gets in Sales beside its fields: occurrence, price list, sum of line discounts (D-85, D-86, D-88, D-89). */
import { mappingName } from '../../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
} from '../../common/records.ts';
import { hasOccurrence, occurrenceColumn } from '../../documents/occurrence.ts';
import type { ReadStep, RuleContext, RuleOutcome, RuleSubject } from '../../sync/entityRule.ts';
import type { Reference } from '../../sync/lookups.ts';
import type { RecordProblem } from '../../sync/problems.ts';
import { asCode, canonicalText, isBlank } from '../../sync/values.ts';
import { type InvoicePriceList, invoiceListReads, priceListOf } from './invoicePrices.ts';

type Values = Readonly<Record<string, DataverseWriteValue>>;
type WithPrepared = Omit<Extract<RuleOutcome, { kind: 'values' }>, 'kind'>;

/** The column of the sum of line discounts; Sales lets it be written at an update only (D-15). */
export const lineDiscountColumn = 'totallineitemdiscountamount';
const listColumn = 'pricelevelid';

/** Which use of its number the order is; one that stands there already stays (D-89). */
export function occurrenceValues({ businessCentral, dataverse, context }: RuleSubject): Values {
  const occurrence = context.orderOccurrences.get(businessCentral?.id ?? '');
  const isTold = dataverse !== null && hasOccurrence(dataverse);
  return occurrence === undefined || isTold ? {} : { [occurrenceColumn]: occurrence };
}

/** A changed sum makes the order changed, because no column of its own carries the discounts of its lines. */
export function lineDiscountInput(
  { id }: BusinessCentralRecord | DataverseRow,
  { orderProgress }: RuleContext,
): Readonly<Record<string, FieldValue>> {
  const progress = orderProgress.get(id);
  return progress ? { lineDiscount: progress.lineDiscount } : {};
}

/** The sum of line discounts where Sales holds another one (D-86). */
export function lineDiscountValues({ businessCentral, dataverse, context }: RuleSubject): Values {
  const progress = context.orderProgress.get(businessCentral?.id ?? '');
  if (!progress || Number(dataverse?.values[lineDiscountColumn] ?? 0) === progress.lineDiscount) return {};
  return { [lineDiscountColumn]: progress.lineDiscount };
}

/** Whether the order has no price list yet; one that it has stays. */
export function lacksPriceList(row: DataverseRow | null): boolean {
  return isBlank(row?.values[listColumn]);
}

/** What tells whether there is a list for the order's currency. */
export const orderListReads: ReadStep = (order, context) => invoiceListReads(order, context);

/** The currency of the list. */
export function orderCurrencyReference({ values }: BusinessCentralRecord | DataverseRow): Reference {
  const value = asCode(canonicalText(values['currencyCode']));
  return { mapping: mappingName('CURRENCY'), side: 'businessCentral', by: 'key', value };
}

/** The list of the order's currency for an order without one; null where it keeps what it has, or is in another currency. */
export function wantedPriceList({
  businessCentral,
  dataverse,
  context,
  lookups,
}: RuleSubject): InvoicePriceList | RecordProblem | null {
  if (businessCentral === null || !lacksPriceList(dataverse)) return null;
  const answer = lookups.find(orderCurrencyReference(businessCentral));
  const currency = canonicalText(dataverse?.values['transactioncurrencyid']);
  if (dataverse !== null && (answer.status !== 'coupled' || answer.id !== currency)) return null;
  return priceListOf(businessCentral, context, lookups);
}

/** The values with the price list, which is made before where it is missing. */
export function withPriceList(values: Values, list: InvoicePriceList | null): WithPrepared {
  if (list === null) return { values };
  const pricelevelid = { table: 'pricelevel', id: list.id };
  return { values: { ...values, [listColumn]: pricelevelid }, prepared: list.prepared };
}
