/** The kinds of sales documents that come from Sales, and what differs between them (D-42, D-113). */

export const documentTypes = ['order', 'quote'] as const;
export type DocumentType = (typeof documentTypes)[number];

/** Names of a kind of document in both systems. */
export interface DocumentNames {
  /** Table of headers in Dataverse; its key has the name of the table with `id` behind it. */
  readonly headerTable: string;
  readonly lineTable: string;
  /** Column of the line that points at the header. */
  readonly lineLink: string;
  /** Column of the number that users know. */
  readonly numberAttribute: string;
  readonly entitySet: string;
  readonly lineEntitySet: string;
  /** Before the codes of its errors (D-116). */
  readonly errorPrefix: string;
}

const names: Readonly<Record<DocumentType, DocumentNames>> = {
  order: {
    headerTable: 'salesorder',
    lineTable: 'salesorderdetail',
    lineLink: 'salesorderid',
    numberAttribute: 'ordernumber',
    entitySet: 'salesOrders',
    lineEntitySet: 'salesOrderLines',
    errorPrefix: 'ORDER',
  },
  quote: {
    headerTable: 'quote',
    lineTable: 'quotedetail',
    lineLink: 'quoteid',
    numberAttribute: 'quotenumber',
    entitySet: 'salesQuotes',
    lineEntitySet: 'salesQuoteLines',
    errorPrefix: 'QUOTE',
  },
};

/** The names of this kind of document. */
export function namesOf(type: DocumentType): DocumentNames {
  return names[type];
}
