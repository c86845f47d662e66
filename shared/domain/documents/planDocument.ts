/** Everything one document of Business Central is made of, or the first reason why it cannot be made (D-39, D-71). */
import type { DataverseRow, FieldValues } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';
import { documentDiscount, withFreight } from './documentAmounts.ts';
import { currencyOf } from './documentCurrency.ts';
import { customerOf } from './documentCustomer.ts';
import { type Decided, type DocumentFacts, decided, type SalesDocument } from './documentFacts.ts';
import { externalDocumentNumber, extraHeaderValues, headerValues } from './documentHeader.ts';
import { documentLines, type PlannedLine } from './documentLines.ts';
import { type DocumentType, namesOf } from './documentType.ts';

export interface PlannedDocument {
  /** Values of the standard page, in the order of their assignment. */
  readonly header: FieldValues;
  /** Values of the companion page; empty where it is not there. */
  readonly extras: FieldValues;
  readonly lines: readonly PlannedLine[];
  /** 0 = none. Applied when the lines are there (D-30). */
  readonly discountAmount: number;
  /** By which the document is recognised after a crash (D-69). */
  readonly marker: DocumentMarker;
}

/** What the standard page tells of a document that this program made. */
export interface DocumentMarker {
  readonly externalDocumentNumber: string;
  readonly customerNumber: string;
}

/** Checks everything before anything is written; the checks are in the order of documents.md. Pure. */
export function planDocument(
  type: DocumentType,
  { header, lines }: SalesDocument,
  facts: DocumentFacts,
): Decided<PlannedDocument> {
  const customer = customerOf(type, header, facts);
  if (customer.kind === 'problem') return customer;
  const currency = currencyOf(type, header, facts);
  if (currency.kind === 'problem') return currency;
  const products = documentLines(type, lines, facts);
  if (products.kind === 'problem') return products;
  const all = withFreight(type, header, products.value, facts.freightAccount);
  if (all.kind === 'problem') return all;
  const discount = documentDiscount(type, header, all.value);
  if (discount.kind === 'problem') return discount;
  const { options, travelsBothWays } = facts;
  const parts = { customer: customer.value, currencyCode: currency.value, options, travelsBothWays };
  return decided({
    header: headerValues(type, header, parts),
    extras: extraHeaderValues(type, header, options),
    lines: all.value,
    discountAmount: discount.value,
    marker: {
      externalDocumentNumber: externalDocumentNumber(header),
      customerNumber: canonicalText(customer.value.values['number']),
    },
  });
}

/** Number and name, as users know the document. */
export function documentName(type: DocumentType, { values }: DataverseRow): string {
  return [values[namesOf(type).numberAttribute], values['name']]
    .map(canonicalText)
    .filter((part) => part !== '')
    .join(' ');
}
