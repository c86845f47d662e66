/** A planned document as the fields of a plan: header first, then line by line (contract section 3). */
import type { FieldValues } from '../common/records.ts';
import type { FieldChange } from '../sync/planTypes.ts';
import { type DocumentType, namesOf } from './documentType.ts';
import type { PlannedDocument } from './planDocument.ts';

/** Which column of Sales a property comes from. */
const sources: Readonly<Record<string, string>> = {
  customerId: 'customerid',
  currencyCode: 'transactioncurrencyid',
  requestedDeliveryDate: 'requestdeliveryby',
  validUntilDate: 'effectiveto',
  paymentTermsId: 'paymenttermscode',
  shipmentMethodId: 'freighttermscode',
  externalDocumentNumber: 'name',
  discountAmount: 'discountamount',
  shippingAgentCode: 'shippingmethodcode',
  workDescription: 'description',
  itemId: 'productid',
  lineObjectNumber: 'productid',
  unitOfMeasureCode: 'uomid',
  unitPrice: 'priceperunit',
};

const addressSources: Readonly<Record<string, string>> = {
  AddressLine1: '_line1',
  AddressLine2: '_line2',
  PostCode: '_postalcode',
  City: '_city',
  Country: '_country',
  State: '_stateorprovince',
};

/** Every value that would be written; nothing was there before. */
export function plannedFields(type: DocumentType, plan: PlannedDocument): readonly FieldChange[] {
  const { numberAttribute, lineEntitySet } = namesOf(type);
  const discount: FieldValues = plan.discountAmount > 0 ? { discountAmount: plan.discountAmount } : {};
  const header = changes({ ...plan.header, ...discount, ...plan.extras }, '', numberAttribute);
  const lines = plan.lines.flatMap(({ sequence, values }) => {
    const { sequence: _, ...rest } = values;
    return changes(rest, `${lineEntitySet}(${sequence})/`, numberAttribute);
  });
  return [...header, ...lines];
}

function changes(values: FieldValues, prefix: string, numberAttribute: string): readonly FieldChange[] {
  return Object.entries(values).map(([property, after]) => ({
    businessCentralField: prefix + property,
    attribute: property === 'yourReference' ? numberAttribute : sourceOf(property, prefix !== ''),
    before: null,
    after,
  }));
}

function sourceOf(property: string, isLine: boolean): string {
  if (isLine && property === 'discountAmount') return 'manualdiscountamount';
  const [, side, part] = /^(shipTo|billTo)(\w+)$/.exec(property) ?? [];
  if (side !== undefined && part !== undefined) return side.toLowerCase() + (addressSources[part] ?? '');
  return sources[property] ?? property;
}
