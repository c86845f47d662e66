/** What a posted invoice depends on beyond itself, as reads (D-122, D-124, D-125, D-127, D-129). */
import { mappingName } from '../../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../../common/records.ts';
import { belongsToUs, companyColumn } from '../../sync/companyStamp.ts';
import type { ReadStep, RuleContext } from '../../sync/entityRule.ts';
import { byId, type RelatedRead } from '../../sync/followUps.ts';
import type { AssetType } from '../../sync/groupPrices.ts';
import type { Lookups, Reference } from '../../sync/lookups.ts';
import { businessCentralFilter, filterProperties, passesBusinessCentral } from '../../sync/recordFilter.ts';
import { asCode, canonicalText, isBlank } from '../../sync/values.ts';
import type { TableMapping } from '../model.ts';
import { invoiceListReads, pricesRead, productRead } from './invoicePrices.ts';
import { productMappings } from './priceLineRule.ts';

type OurRead = Extract<RelatedRead, { side: 'businessCentral' }>;
type TheirRead = Extract<RelatedRead, { side: 'dataverse' }>;

/** The mapping of the lines. */
export const invoiceLines = mappingName('POSTEDSALESLINE-INV');

/** A mapping in force; undefined where the set-up has none of that name. */
export function mappingNamed({ mappings }: RuleContext, name: string): TableMapping | undefined {
  return mappings.find((mapping) => mapping.name === name);
}

/** The number of an invoice, item or resource. */
export function numberOf(values: FieldValues): string {
  return asCode(canonicalText(values['number']));
}

function linesRead(invoice: BusinessCentralRecord, context: RuleContext): OurRead | null {
  const mapping = mappingNamed(context, invoiceLines);
  if (!mapping) return null;
  const { entitySet, route, extraFields } = mapping.businessCentral;
  const mapped = mapping.fields.flatMap(({ businessCentral }) => businessCentral?.property ?? []);
  const properties = [...new Set([...mapped, ...extraFields.map(({ property }) => property), 'description'])];
  return {
    side: 'businessCentral',
    entitySet,
    route,
    properties,
    property: 'documentNumber',
    value: numberOf(invoice.values),
  };
}

/** The lines of an invoice in their order; none when they cannot be read yet. */
export function linesOf(
  invoice: BusinessCentralRecord,
  context: RuleContext,
): readonly BusinessCentralRecord[] {
  const read = linesRead(invoice, context);
  const lines = read ? context.related.records(read) : [];
  return lines.toSorted((one, other) => lineNumber(one) - lineNumber(other));
}

/** The number of a line within its invoice. */
export function lineNumber({ values }: BusinessCentralRecord): number {
  return Number(values['lineNumber'] ?? 0);
}

function orderRead({ values }: BusinessCentralRecord, context: RuleContext): TheirRead | null {
  const value = canonicalText(values['yourReference']).trim();
  if (value === '') return null;
  const attributes = ['ordernumber', 'name', 'opportunityid', 'pricelevelid', 'customerid', 'ownerid'];
  const stamped = context.stamp.company === null ? attributes : [...attributes, companyColumn];
  return { side: 'dataverse', table: 'salesorder', attributes: stamped, attribute: 'ordernumber', value };
}

/** The order of Sales that Your Reference names, of our company or of none (D-124, D-150); null for none. */
export function orderOf(invoice: BusinessCentralRecord, context: RuleContext): DataverseRow | null {
  const read = orderRead(invoice, context);
  const orders = read ? context.related.rows(read).filter((row) => belongsToUs(context.stamp, row)) : [];
  return orders.toSorted((one, other) => one.id.localeCompare(other.id))[0] ?? null;
}

function contactRead(order: DataverseRow): TheirRead | null {
  if (order.lookupTables['customerid'] !== 'contact') return null;
  const attributes = ['parentcustomerid'];
  return {
    side: 'dataverse',
    table: 'contact',
    attributes,
    attribute: byId,
    value: order.values['customerid'] ?? null,
  };
}

/** The account behind an order: its customer, or the company of the contact that is its customer (D-44); '' for none. */
export function accountOf(order: DataverseRow, { related }: RuleContext): string {
  const read = contactRead(order);
  if (!read) return canonicalText(order.values['customerid']);
  const [contact] = related.rows(read);
  return contact?.lookupTables['parentcustomerid'] === 'account'
    ? canonicalText(contact.values['parentcustomerid'])
    : '';
}

function methodRead({ values }: BusinessCentralRecord): OurRead | null {
  const value = canonicalText(values['shipmentMethodCode']);
  if (value === '' || !isBlank(values['workDescription'])) return null;
  const properties = ['code', 'displayName'];
  return {
    side: 'businessCentral',
    entitySet: 'shipmentMethods',
    route: 'v2.0',
    properties,
    property: 'code',
    value,
  };
}

/** What stands for a missing description (D-125); '' for nothing. */
export function shipmentMethodOf(invoice: BusinessCentralRecord, { related }: RuleContext): string {
  const read = methodRead(invoice);
  return canonicalText(read ? related.records(read)[0]?.values['displayName'] : '');
}

/** The item or resource of a line; null for lines without. */
export function assetOfLine({
  values,
}: BusinessCentralRecord): { readonly type: AssetType; readonly number: string } | null {
  const { type } = values;
  const number = numberOf(values);
  return (type === 'Item' || type === 'Resource') && number !== '' ? { type, number } : null;
}

function assetRead(line: BusinessCentralRecord, context: RuleContext): OurRead | null {
  const asset = assetOfLine(line);
  const mapping = asset && mappingNamed(context, productMappings[asset.type]);
  if (!asset || !mapping) return null;
  const { entitySet, route, filter } = mapping.businessCentral;
  // Values of companion sets are not read here; a filter over them is left to the mapping of products.
  const filtered = filterProperties(businessCentralFilter(filter)).filter((name) => !name.includes('/'));
  const properties = [...new Set(['number', 'blocked', ...filtered])];
  return { side: 'businessCentral', entitySet, route, properties, property: 'number', value: asset.number };
}

/** What is known of a line's item or resource. */
export interface SoldAsset {
  readonly isBlocked: boolean;
  /** Whether the mapping of products takes it; one it does not take becomes a write-in line (D-122). */
  readonly isProduct: boolean;
}

/** Null for lines without an item or resource, and for one that does not exist any more. */
export function soldAsset(line: BusinessCentralRecord, context: RuleContext): SoldAsset | null {
  const asset = assetOfLine(line);
  const read = assetRead(line, context);
  const [record] = read ? context.related.records(read) : [];
  if (!asset || !record) return null;
  const mapping = mappingNamed(context, productMappings[asset.type]);
  const filter = businessCentralFilter(mapping?.businessCentral.filter ?? null);
  const isReadable = filterProperties(filter).every((name) => !name.includes('/'));
  const isBlocked = record.values['blocked'] === true;
  const isProduct = !isWriteIn(asset, context) && (!isReadable || passesBusinessCentral(filter, record));
  return { isBlocked, isProduct };
}

function isWriteIn(
  asset: { readonly type: AssetType; readonly number: string },
  context: RuleContext,
): boolean {
  const product = context.documents.writeInProduct ?? context.salesSetup.writeInProduct;
  return product?.type === asset.type && asCode(product.number) === asset.number;
}

/** The look-up of a line's product, brought along where its mapping may create (D-122, E-66). */
export function productOfLine(line: BusinessCentralRecord, context: RuleContext): Reference | null {
  const asset = assetOfLine(line);
  if (!asset || !soldAsset(line, context)?.isProduct) return null;
  const mapping = mappingName(productMappings[asset.type]);
  return { mapping, side: 'businessCentral', by: 'key', value: asset.number, synchroniseFirst: true };
}

/** The look-up of the invoice's sell-to customer, brought along where its mapping may create (D-124, E-66). */
export function customerReference({ values }: BusinessCentralRecord): Reference {
  const value = asCode(canonicalText(values['sellToCustomerNumber']));
  return {
    mapping: mappingName('CUSTOMER'),
    side: 'businessCentral',
    by: 'key',
    value,
    synchroniseFirst: true,
  };
}

/** The products of these lines, as far as they are coupled. */
export function coupledProduct(
  line: BusinessCentralRecord,
  context: RuleContext,
  lookups: Lookups,
): string | null {
  const reference = productOfLine(line, context);
  const answer = reference ? lookups.find(reference) : null;
  return answer?.status === 'coupled' ? answer.id : null;
}

function present<Read>(reads: readonly (Read | null)[]): readonly Read[] {
  return reads.filter((read): read is Read => read !== null);
}

/** Lines, order and shipment method first; then what lines and order refer to. */
export const invoiceSourceReads: readonly ReadStep[] = [
  (invoice, context) =>
    present<RelatedRead>([linesRead(invoice, context), orderRead(invoice, context), methodRead(invoice)]),
  (invoice, context) => {
    const order = orderOf(invoice, context);
    const assets = linesOf(invoice, context).map((line) => assetRead(line, context));
    return present<RelatedRead>([...assets, order && contactRead(order)]);
  },
];

/** Products with their prices, and the price list of an invoice without an order. */
export const invoiceTargetReads: readonly ReadStep[] = [
  (invoice, context, lookups) => {
    const products = linesOf(invoice, context).flatMap(
      (line) => coupledProduct(line, context, lookups) ?? [],
    );
    const lists = orderOf(invoice, context) ? [] : invoiceListReads(invoice, context);
    return [...products.flatMap((id) => [productRead(id), pricesRead(id)]), ...lists];
  },
];
