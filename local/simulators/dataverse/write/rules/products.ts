/** Products, price list items and units (dataverse-web-api sections 8 and 14). */
import { DataverseError, errorCodes, invalidArgument } from '../../errors.ts';
import { numberOf, textOf } from '../../store/row.ts';
import type { RowDraft } from '../rowDraft.ts';

/** States in which a product's structure may be changed: drafts, and products under revision. */
const editableStates: readonly (number | null)[] = [2, 3];

/** Raises the refusal of the rule a product, price list item or unit breaks; fills in what follows. */
export function applyProductRules(draft: RowDraft): void {
  const { logicalName } = draft.table;
  if (logicalName === 'product') checkProduct(draft);
  if (logicalName === 'productpricelevel') applyPriceListItem(draft);
  if (logicalName === 'uom') checkUnit(draft);
}

function refuse(code: string, message: string): never {
  throw new DataverseError(400, code, message);
}

function checkProduct(draft: RowDraft): void {
  const number = draft.text('productnumber');
  if (number === null) refuse(errorCodes.productNumberMissing, 'The product number is missing.');
  const same = draft.context.organisation.store.table('product').withValue('productnumber', number);
  if (same.some((row) => row['productid'] !== draft.id)) {
    refuse(errorCodes.productNumberDuplicate, `A product with the number ${number} already exists.`);
  }
  if (draft.get('_defaultuomscheduleid_value') === null) {
    refuse(errorCodes.productUnitGroupMissing, 'The unit group of the product is missing.');
  }
  checkDefaultUnit(draft);
  if (draft.isCreate) draft.setDefault('productstructure', 1);
  else checkStructureChange(draft);
}

function checkDefaultUnit(draft: RowDraft): void {
  const unit = draft.related('defaultuomid');
  const group = draft.text('_defaultuomscheduleid_value');
  if (unit && textOf(unit, '_uomscheduleid_value') !== group) {
    refuse(errorCodes.productUnitWrong, 'The default unit does not belong to the unit group of the product.');
  }
}

function checkStructureChange(draft: RowDraft): void {
  const before = draft.before;
  const property = '_defaultuomscheduleid_value';
  if (!draft.writes(property) || draft.get(property) === (before?.[property] ?? null)) return;
  if (!editableStates.includes(numberOf(before, 'statecode'))) {
    const message = 'The unit group of a product can be changed in draft and under revision only.';
    refuse(errorCodes.productNotInDraft, message);
  }
}

/** One item per price list, product and unit. */
function applyPriceListItem(draft: RowDraft): void {
  const { store } = draft.context.organisation;
  const product = draft.related('productid');
  const list = draft.related('pricelevelid');
  const twin = store
    .table('productpricelevel')
    .withValue('_productid_value', draft.get('_productid_value'))
    .find(
      (row) =>
        row['productpricelevelid'] !== draft.id &&
        row['_pricelevelid_value'] === draft.get('_pricelevelid_value') &&
        row['_uomid_value'] === draft.get('_uomid_value'),
    );
  if (twin) refuse(errorCodes.priceListItemDuplicate, 'This product and unit are already on the price list.');
  checkItemUnit(draft, textOf(product, '_defaultuomscheduleid_value'));
  draft.set('productnumber', textOf(product, 'productnumber'));
  draft.setDefault('_uomscheduleid_value', textOf(product, '_defaultuomscheduleid_value'));
  if (draft.isCreate) draft.set('_transactioncurrencyid_value', textOf(list, '_transactioncurrencyid_value'));
}

function checkItemUnit(draft: RowDraft, unitGroup: string | null): void {
  const unit = draft.related('uomid');
  if (unit && unitGroup && textOf(unit, '_uomscheduleid_value') !== unitGroup) {
    refuse(errorCodes.productUnitWrong, 'The unit does not belong to the unit group of the product.');
  }
}

/** Only the base unit, which the platform makes itself, has no base unit. */
function checkUnit(draft: RowDraft): void {
  if (draft.get('isschedulebaseuom') === true) return;
  if (draft.get('_baseuom_value') === null) throw invalidArgument('A unit needs a base unit.');
  if (draft.isCreate) draft.set('isschedulebaseuom', false);
}
