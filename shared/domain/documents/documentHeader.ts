/** The header of a document: which values are sent, in the order of their assignment (D-42, D-43, D-113). */
import { isIsoDate } from '../common/instants.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValue, FieldValues } from '../common/records.ts';
import { canonicalText, cut } from '../sync/values.ts';
import type { DocumentFacts, OptionFacts } from './documentFacts.ts';
import { type DocumentType, namesOf } from './documentType.ts';

/** What the header of a document is made of besides its row. */
export interface HeaderParts {
  readonly customer: BusinessCentralRecord;
  readonly currencyCode: string;
  readonly options: OptionFacts;
  /** See {@link DocumentFacts}. */
  readonly travelsBothWays: DocumentFacts['travelsBothWays'];
}

/** Longest external document number and longest reference (D-42 rows 5 and 14). */
const longestReference = 35;

const longestName = 100;

/** Property behind the prefix, column behind the prefix, and greatest length (D-42 rows 8 and 9). */
const address = {
  line1: ['AddressLine1', '_line1', 100],
  line2: ['AddressLine2', '_line2', 50],
  postCode: ['PostCode', '_postalcode', 20],
  city: ['City', '_city', 30],
  country: ['Country', '_country', 10],
  state: ['State', '_stateorprovince', 30],
} as const;
type AddressPart = keyof typeof address;

const partOrder: Readonly<Record<DocumentType, readonly AddressPart[]>> = {
  order: ['line1', 'line2', 'postCode', 'city', 'country', 'state'],
  quote: ['line1', 'line2', 'city', 'postCode', 'country', 'state'],
};

/** Values of the standard page. Neither totals nor tax of Sales are taken over (D-59). */
export function headerValues(type: DocumentType, header: DataverseRow, parts: HeaderParts): FieldValues {
  const { values } = header;
  const { customer, currencyCode, options, travelsBothWays } = parts;
  return {
    customerId: customer.id,
    ...(currencyCode === '' ? {} : { currencyCode }),
    ...dateValues(type, values),
    ...(type === 'quote' ? addressValues(type, values, 'billTo', 'billto') : {}),
    ...(type === 'order' && travelsBothWays ? shipToName(values) : {}),
    ...addressValues(type, values, 'shipTo', 'shipto'),
    ...optional('paymentTermsId', options.paymentTerms.get(Number(values['paymenttermscode'] ?? -1))),
    ...optional('shipmentMethodId', options.shipmentMethods.get(Number(values['freighttermscode'] ?? -1))),
    ...optional('externalDocumentNumber', externalDocumentNumber(header) || undefined),
  };
}

/** Values only the companion app's page can take (D-32, D-35); blank ones are left out, addresses are whole or not at all. */
export function extraHeaderValues(
  type: DocumentType,
  header: DataverseRow,
  options: OptionFacts,
): FieldValues {
  const { values } = header;
  const number = cut(canonicalText(values[namesOf(type).numberAttribute]), longestReference);
  return {
    ...optional('yourReference', number || undefined),
    ...optional('shippingAgentCode', options.shippingAgents.get(Number(values['shippingmethodcode'] ?? -1))),
    ...optional('workDescription', canonicalText(values['description']) || undefined),
    ...(type === 'order' ? addressValues(type, values, 'billTo', 'billto') : {}),
  };
}

/** The name goods are sent to; left out, the customer's would come back over the one in Sales (D-83). */
function shipToName(values: FieldValues): FieldValues {
  return optional('shipToName', cut(canonicalText(values['shipto_name']).trim(), longestName) || undefined);
}

/** The name of the document, by which its order is found again after a crash (D-69). */
export function externalDocumentNumber({ values }: DataverseRow): string {
  return cut(canonicalText(values['name']), longestReference).trim();
}

function dateValues(type: DocumentType, values: FieldValues): FieldValues {
  const [property, attribute] =
    type === 'order' ? ['requestedDeliveryDate', 'requestdeliveryby'] : ['validUntilDate', 'effectiveto'];
  const date = canonicalText(values[attribute]).slice(0, 10);
  return isIsoDate(date) ? { [property]: date } : {};
}

/** Nothing when none of the six is filled, so that the customer's address stays; otherwise all six. */
function addressValues(
  type: DocumentType,
  values: FieldValues,
  prefix: 'shipTo' | 'billTo',
  columnPrefix: string,
): FieldValues {
  const entries = partOrder[type].map((part) => {
    const [property, column, length] = address[part];
    return [
      `${prefix}${property}`,
      cut(canonicalText(values[columnPrefix + column]).trim(), length),
    ] as const;
  });
  return entries.some(([, value]) => value !== '') ? Object.fromEntries(entries) : {};
}

function optional(property: string, value: FieldValue | undefined): FieldValues {
  return value === undefined ? {} : { [property]: value };
}
