/** The three kinds of sales documents: which table holds headers, which lines, and what ties them. */

/** Header and line table of one kind of document. */
export interface DocumentKind {
  readonly header: string;
  readonly line: string;
  /** The lookup column of the line, also the primary key of the header. */
  readonly link: string;
  /** Line columns that repeat the header's state and price lock. */
  readonly lineState: string;
  readonly linePriceLock: string;
  readonly lineName: string;
}

const kinds: readonly DocumentKind[] = [
  {
    header: 'salesorder',
    line: 'salesorderdetail',
    link: 'salesorderid',
    lineState: 'salesorderstatecode',
    linePriceLock: 'salesorderispricelocked',
    lineName: 'salesorderdetailname',
  },
  {
    header: 'quote',
    line: 'quotedetail',
    link: 'quoteid',
    lineState: 'quotestatecode',
    linePriceLock: 'quoteispricelocked',
    lineName: 'quotedetailname',
  },
  {
    header: 'invoice',
    line: 'invoicedetail',
    link: 'invoiceid',
    lineState: 'invoicestatecode',
    linePriceLock: 'invoiceispricelocked',
    lineName: 'invoicedetailname',
  },
];

/** The kind whose headers are in this table. */
export function kindOfHeader(logicalName: string): DocumentKind | undefined {
  return kinds.find((kind) => kind.header === logicalName);
}

/** The kind whose lines are in this table. */
export function kindOfLine(logicalName: string): DocumentKind | undefined {
  return kinds.find((kind) => kind.line === logicalName);
}
