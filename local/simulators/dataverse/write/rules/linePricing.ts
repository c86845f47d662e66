/**
 * What the platform computes on a line of an order, quote or invoice (dataverse-web-api section 8).
 * Not simulated: volume discount lists, bundles, price list methods other than an amount.
 */
import { invalidArgument } from '../../errors.ts';
import { cellOf, numberOf, type Row, textOf } from '../../store/row.ts';
import { roundTo } from '../columnValues.ts';
import type { RowDraft } from '../rowDraft.ts';
import { type DocumentKind, kindOfLine } from './documents.ts';
import { checkLinesEditable } from './editability.ts';

const moneyDigits = 2;

/** Values of `pricingerrorcode` the simulator sets. */
export const pricingErrors = {
  none: 0,
  detailError: 1,
  missingPriceList: 2,
  missingQuantity: 4,
  missingUnitPrice: 5,
  missingProduct: 6,
  missingUnit: 10,
  productNotInPriceList: 11,
} as const;

/** Fills in a line from its header, product and price list. Does nothing on other tables; raises 400. */
export function applyLineRules(draft: RowDraft): void {
  const kind = kindOfLine(draft.table.logicalName);
  if (!kind) return;
  const header = draft.related(kind.link);
  if (!header) throw invalidArgument(`A ${kind.line} needs its ${kind.header}.`);
  checkLinesEditable(kind.header, header);
  if (draft.isCreate) applyLineDefaults(draft, kind, header);
  checkProductOrWriteIn(draft);
  followHeader(draft, kind, header);
  if (!isSystemPriced(draft, header)) return;
  draft.set('pricingerrorcode', applyPrice(draft, header));
  applyAmounts(draft);
}

/** Pricing is off for the organisation or left to the caller for this row. */
export function isSystemPriced(draft: RowDraft, header: Row): boolean {
  const { store } = draft.context.organisation;
  if (cellOf(store.organization(), 'oobpricecalculationenabled') === false) return false;
  return !numberOf(header, 'skippricecalculation') && !draft.number('skippricecalculation');
}

function applyLineDefaults(draft: RowDraft, kind: DocumentKind, header: Row): void {
  const { store } = draft.context.organisation;
  const lines = store.table(kind.line).withValue(`_${kind.link}_value`, textOf(header, kind.link));
  const highest = Math.max(0, ...lines.map((line) => numberOf(line, 'lineitemnumber') ?? 0));
  draft.setDefault('lineitemnumber', highest + 1);
  draft.setDefault('sequencenumber', draft.number('lineitemnumber'));
  draft.setDefault('isproductoverridden', false);
  draft.setDefault('ispriceoverridden', false);
  draft.setDefault('producttypecode', 1);
  const name = textOf(draft.related('productid'), 'name') ?? draft.text('productdescription');
  draft.setDefault('productname', name);
  draft.setDefault(kind.lineName, name?.slice(0, 100) ?? null);
}

function checkProductOrWriteIn(draft: RowDraft): void {
  const isWriteIn = draft.get('isproductoverridden') === true;
  const hasProduct = draft.get('_productid_value') !== null;
  if (isWriteIn && hasProduct) throw invalidArgument('A write-in line cannot have a product.');
  if (isWriteIn && draft.text('productdescription') === null) {
    throw invalidArgument('A write-in line needs a product description.');
  }
}

function followHeader(draft: RowDraft, kind: DocumentKind, header: Row): void {
  draft.setLookup(
    'transactioncurrencyid',
    'transactioncurrency',
    textOf(header, '_transactioncurrencyid_value'),
  );
  const ownerType = textOf(header, '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname') ?? 'systemuser';
  draft.setLookup('ownerid', ownerType, textOf(header, '_ownerid_value'));
  draft.set('owninguser', textOf(header, '_owninguser_value'));
  draft.set('owningbusinessunit', textOf(header, '_owningbusinessunit_value'));
  draft.set(kind.lineState, numberOf(header, 'statecode'));
  draft.set(kind.linePriceLock, cellOf(header, 'ispricelocked') === true);
}

/** Sets the price per unit where the price list rules; returns the pricing error code. */
function applyPrice(draft: RowDraft, header: Row): number {
  if (draft.get('isproductoverridden') !== true) {
    if (draft.get('_productid_value') === null) return pricingErrors.missingProduct;
    if (draft.get('_uomid_value') === null) return pricingErrors.missingUnit;
    const locked = cellOf(header, 'ispricelocked') === true;
    if (draft.get('ispriceoverridden') !== true && !locked) {
      const error = applyListPrice(draft, header);
      if (error !== pricingErrors.none) return error;
    }
  }
  if (draft.number('quantity') === null) return pricingErrors.missingQuantity;
  return draft.number('priceperunit') === null ? pricingErrors.missingUnitPrice : pricingErrors.none;
}

function applyListPrice(draft: RowDraft, header: Row): number {
  const list = textOf(header, '_pricelevelid_value');
  if (list === null) return pricingErrors.missingPriceList;
  const item = draft.context.organisation.store
    .table('productpricelevel')
    .withValue('_productid_value', draft.get('_productid_value'))
    .find((row) => row['_pricelevelid_value'] === list && row['_uomid_value'] === draft.get('_uomid_value'));
  if (!item) return pricingErrors.productNotInPriceList;
  draft.set('priceperunit', numberOf(item, 'amount'));
  return pricingErrors.none;
}

/** base = quantity x price; extended = base - manual discount - quantity x volume discount + tax. */
function applyAmounts(draft: RowDraft): void {
  const quantity = draft.number('quantity') ?? 0;
  if (draft.isCreate) draft.setDefault('volumediscountamount', 0);
  const base = roundTo(quantity * (draft.number('priceperunit') ?? 0), moneyDigits);
  const discount =
    (draft.number('manualdiscountamount') ?? 0) + quantity * (draft.number('volumediscountamount') ?? 0);
  draft.set('baseamount', base);
  draft.set('extendedamount', roundTo(base - discount + (draft.number('tax') ?? 0), moneyDigits));
}
