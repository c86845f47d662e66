/** The price list of a document in a currency, such as an invoice without an order, and prices that are missing on it (D-124, D-129). */
import {
  businessCentralId,
  type DataverseId,
  dataverseId,
  emptyGuid,
  mappingName,
} from '../../common/ids.ts';
import type { BusinessCentralRecord, LookupReference } from '../../common/records.ts';
import { dataverseIdFor } from '../../couplings/dataverseIdFor.ts';
import type { PreparedRow } from '../../sync/details.ts';
import type { RuleContext } from '../../sync/entityRule.ts';
import { byId, type RelatedRead } from '../../sync/followUps.ts';
import type { Lookups } from '../../sync/lookups.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import { asCode, canonicalText } from '../../sync/values.ts';
import { lineAttributes, lineWrites } from './defaultPriceLines.ts';
import { defaultPriceList, listReads } from './defaultPriceList.ts';

type TheirRead = Extract<RelatedRead, { side: 'dataverse' }>;

/** A list is made before its prices. */
const phases = { list: 0, price: 1 } as const;
const longestName = 100;

function currencyCode({ values }: BusinessCentralRecord): string {
  return asCode(canonicalText(values['currencyCode']));
}

function isLocal(code: string, { localCurrencyCode }: RuleContext): boolean {
  return code === '' || code === localCurrencyCode;
}

function listName(code: string): string {
  return `Price List in ${code}`.slice(0, longestName);
}

/** The key of a list for a currency, always the same for a company. */
function listKey(companyId: string, code: string): DataverseId {
  return dataverseIdFor(companyId, mappingName(`PRICE LIST ${code}`), businessCentralId(emptyGuid));
}

function foreignReads(code: string, companyId: string): readonly TheirRead[] {
  const attributes = ['name', 'transactioncurrencyid'];
  const read = (attribute: string, value: string): TheirRead => {
    return { side: 'dataverse', table: 'pricelevel', attributes, attribute, value };
  };
  return [read(byId, listKey(companyId, code)), read('name', listName(code))];
}

/** What tells whether there is a list for the currency of an invoice or order. */
export function invoiceListReads(
  invoice: BusinessCentralRecord,
  context: RuleContext,
): readonly RelatedRead[] {
  const { companyId, localCurrencyCode } = context;
  const code = currencyCode(invoice);
  return isLocal(code, context) ? listReads(companyId, localCurrencyCode) : foreignReads(code, companyId);
}

/** The product as it is in Sales, for its default unit. */
export function productRead(id: string): TheirRead {
  const attributes = ['defaultuomid', 'defaultuomscheduleid'];
  return { side: 'dataverse', table: 'product', attributes, attribute: byId, value: dataverseId(id) };
}

/** Prices of a product on any list. */
export function pricesRead(id: string): TheirRead {
  const attributes = [...lineAttributes];
  return { side: 'dataverse', table: 'productpricelevel', attributes, attribute: 'productid', value: id };
}

/** A price list, with the row that makes it where there is none. */
export interface InvoicePriceList {
  readonly id: DataverseId;
  readonly prepared: readonly PreparedRow[];
}

/** The default list for the local currency, else `Price List in <code>` (D-124). */
export function priceListOf(
  invoice: BusinessCentralRecord,
  context: RuleContext,
  lookups: Lookups,
): InvoicePriceList | RecordProblem {
  const code = currencyCode(invoice);
  const answer = lookups.find({
    mapping: mappingName('CURRENCY'),
    side: 'businessCentral',
    by: 'key',
    value: code,
  });
  if (answer.status !== 'coupled') {
    const message = `The currency "${code || context.localCurrencyCode}" of the document is not coupled.`;
    return problem('currency-not-found', { message, field: 'transactioncurrencyid', parameters: [code] });
  }
  const currency: LookupReference = { table: 'transactioncurrency', id: dataverseId(answer.id) };
  return isLocal(code, context) ? localList(context, currency) : foreignList(code, context, currency);
}

function localList(
  { companyId, localCurrencyCode, related }: RuleContext,
  currency: LookupReference,
): InvoicePriceList {
  const { id, writes } = defaultPriceList(related, { companyId, localCode: localCurrencyCode, currency });
  const prepared = writes.flatMap((write) =>
    write.kind === 'createRow'
      ? { phase: phases.list, table: write.table, id: write.id, values: write.values }
      : [],
  );
  return { id, prepared };
}

function foreignList(
  code: string,
  { companyId, related }: RuleContext,
  currency: LookupReference,
): InvoicePriceList {
  const rows = foreignReads(code, companyId).flatMap((read) => related.rows(read));
  const found = rows.find((row) => canonicalText(row.values['transactioncurrencyid']) === currency.id);
  if (found) return { id: found.id, prepared: [] };
  const id = listKey(companyId, code);
  const values = { name: listName(code), transactioncurrencyid: currency };
  return { id, prepared: [{ phase: phases.list, table: 'pricelevel', id, values }] };
}

/** What a line is priced by. */
export interface PricedLine {
  readonly product: LookupReference;
  readonly unit: LookupReference;
  readonly group: LookupReference;
  readonly price: number;
}

/** The price that has to be made before the line, where the list has none for its product and unit; none without a price. */
export function missingPrices(
  list: DataverseId,
  line: PricedLine,
  { companyId, related }: RuleContext,
): readonly PreparedRow[] {
  const { product, unit, group, price } = line;
  const present = related.rows(pricesRead(product.id)).filter((row) => row.values['pricelevelid'] === list);
  if (price <= 0 || present.some((row) => row.values['uomid'] === unit.id)) return [];
  const id = dataverseIdFor(
    companyId,
    mappingName(`PRICE ${list} ${unit.id}`),
    businessCentralId(product.id),
  );
  return lineWrites([], { id, list, product, group, unit, amount: price }).flatMap((write) =>
    write.kind === 'createRow' ? { phase: phases.price, table: write.table, id, values: write.values } : [],
  );
}
