/** Makes an order or invoice from a quote: same parties, lines and prices (documents reference D-117). */
import { Draft, type WriteContext } from '../page/draft.ts';
import { insertDraft } from '../page/writePage.ts';
import { requireSet, setsOfTable } from '../schema/schema.ts';
import type { Row } from '../store/row.ts';
import { linesOf, lineTableOf } from './totals.ts';

const notCopied = ['No.', 'Status', 'Amount', 'Total Tax Amount', 'Amount Including VAT', 'Document Id'];

const setOfTable: Readonly<Record<string, string>> = {
  'Sales Order': 'salesOrders',
  'Sales Invoice': 'salesInvoices',
  'Sales Order Line': 'salesOrderLines',
  'Sales Invoice Draft Line': 'salesInvoiceLines',
};

function copyColumns(source: Row, draft: Draft): void {
  const known = new Set(
    setsOfTable(draft.set.table).flatMap((set) => set.properties.map((property) => property.column)),
  );
  known.add('Location Code');
  for (const [column, value] of Object.entries(source.values)) {
    if (!known.has(column) || notCopied.includes(column)) continue;
    draft.assign(column, value);
    draft.given.add(column);
  }
}

/** Inserts the copy and returns its header. The quote stays for the caller to remove. */
export function copyDocument(
  context: WriteContext,
  quote: Row,
  target: 'Sales Order' | 'Sales Invoice',
): Row {
  const header = new Draft(context, requireSet(setOfTable[target] ?? ''), null);
  copyColumns(quote, header);
  if (target === 'Sales Order') header.assign('Quote No.', quote.values['No.'] ?? '');
  const row = insertDraft(header);
  for (const line of linesOf(context, 'Sales Quote', quote)) {
    const draft = new Draft(context, requireSet(setOfTable[lineTableOf[target] ?? ''] ?? ''), null);
    copyColumns(line, draft);
    draft.assign('Document Id', row.id);
    if (target === 'Sales Order') {
      draft.assign('Qty. to Ship', line.values['Quantity'] ?? 0);
      draft.assign('Qty. to Invoice', line.values['Quantity'] ?? 0);
    }
    insertDraft(draft);
  }
  return row;
}
