/** Lines of sales documents: what an item or resource brings along, prices, and the header that follows. */

import { currencyFactorAt } from '../page/computed.ts';
import type { Draft, WriteContext } from '../page/draft.ts';
import { zeroGuid } from '../schema/schema.ts';
import { dialogError, invalidRelation } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { roundAmount, roundPrice } from './amounts.ts';
import { isOpenDocument } from './documents.ts';
import type { TableRules } from './rules.ts';
import { linesOf, refreshDocument } from './totals.ts';

function headerOf(context: WriteContext, headerTable: string, line: { readonly documentId: string }): Row {
  const header = context.company.table(headerTable).get(line.documentId);
  if (!header) throw dialogError('The document of the line does not exist: documentId.');
  return header;
}

function openHeader(context: WriteContext, headerTable: string, documentId: string): Row {
  const header = headerOf(context, headerTable, { documentId });
  if (!isOpenDocument(headerTable, header)) {
    throw dialogError(
      `Status must be equal to 'Open' in ${headerTable} ${header.values['No.']} to change its lines.`,
    );
  }
  return header;
}

/** The item or resource behind the line; null for comments and accounts. */
function product(draft: Draft): Row | null {
  const type = draft.text('API Type');
  if (type !== 'Item' && type !== 'Resource') return null;
  const number = draft.text('No.');
  if (number === '') return null;
  const row = draft.find(type, 'No.', number);
  if (!row) throw invalidRelation('No.', draft.set.table, number, type);
  if (row.values['Blocked'] === true || row.values['Sales Blocked'] === true) {
    throw dialogError(`${type} ${number} is blocked.`);
  }
  return row;
}

function validateNumber(draft: Draft): void {
  if (draft.row) throw dialogError('The "lineObjectNumber" cannot be changed.');
  const row = product(draft);
  if (!row) return;
  draft.assign('Description', row.values['Description'] ?? row.values['Name'] ?? '');
  draft.assign('Description 2', row.values['Description 2'] ?? row.values['Name 2'] ?? '');
  const unit = row.values['Sales Unit of Measure'] || row.values['Base Unit of Measure'];
  draft.assign('Unit of Measure Code', unit ?? '');
}

/** Unit price of the product in the currency of the document. */
function takePrice(draft: Draft, headerTable: string): void {
  const row = product(draft);
  const header = draft.context.company.table(headerTable).get(draft.text('Document Id'));
  if (!row || !header) return;
  const code = String(header.values['Currency Code'] ?? '');
  const date = String(header.values['Posting Date'] ?? draft.today());
  const price = Number(row.values['Unit Price'] ?? 0);
  const factor = currencyFactorAt(draft.context.company, code, date);
  draft.assign('Unit Price', code === '' ? price : roundPrice(price * factor));
}

/** A new quantity takes the price again, so a price given before it is lost (section 4.2). */
function validateQuantity(headerTable: string): (draft: Draft) => void {
  return (draft) => {
    takePrice(draft, headerTable);
    draft.assign('Qty. to Ship', draft.number('Quantity') - draft.number('Quantity Shipped'));
    draft.assign('Qty. to Invoice', draft.number('Quantity') - draft.number('Quantity Invoiced'));
    discountFromPercent(draft);
  };
}

function discountFromPercent(draft: Draft): void {
  const gross = draft.number('Quantity') * draft.number('Unit Price');
  draft.assign('Line Discount Amount', roundAmount((gross * draft.number('Line Discount %')) / 100));
}

function percentFromDiscount(draft: Draft): void {
  const gross = draft.number('Quantity') * draft.number('Unit Price');
  const percent = gross === 0 ? 0 : (draft.number('Line Discount Amount') / gross) * 100;
  draft.assign('Line Discount %', Math.round(percent * 1e5) / 1e5);
}

/** 25 % inside the company's own country, nothing elsewhere (data README, Amounts). */
function assignTax(draft: Draft, header: Row): void {
  if (draft.get('API Type') === 'Comment') return;
  let home = '';
  for (const row of draft.context.company.table('Company Information').rows()) {
    home = String(row.values['Country/Region Code'] ?? '');
  }
  const country = header.values['Sell-to Country/Region Code'] ?? '';
  const taxed = country === '' || country === home;
  draft.assign('VAT %', taxed ? 25 : 0);
  draft.assign('Tax Code', taxed ? 'VAT25' : 'NO VAT');
}

function prepareInsert(headerTable: string): (draft: Draft) => void {
  return (draft) => {
    if (draft.text('Document Id') === zeroGuid) {
      throw dialogError('You must specify a document id to create a line: documentId.');
    }
    const header = openHeader(draft.context, headerTable, draft.text('Document Id'));
    const last = linesOf(draft.context, headerTable, header).at(-1);
    if (draft.number('Line No.') === 0) {
      draft.assign('Line No.', Number(last?.values['Line No.'] ?? 0) + 10_000);
    }
    if (!draft.given.has('Unit Price') && !draft.given.has('Quantity')) takePrice(draft, headerTable);
    assignTax(draft, header);
  };
}

const fixed = (property: string) => (draft: Draft) => {
  if (draft.row) throw dialogError(`The "${property}" cannot be changed.`);
};

/** Rules of the lines of one kind of document. */
export function lineRules(headerTable: string): TableRules {
  const refresh = (context: WriteContext, row: Row) => {
    const header = context.company.table(headerTable).get(String(row.values['Document Id'] ?? ''));
    if (header) refreshDocument(context, headerTable, header);
  };
  return {
    validate: {
      'Document Id': fixed('documentId'),
      'Line No.': fixed('sequence'),
      'No.': validateNumber,
      Quantity: validateQuantity(headerTable),
      'Unit Price': discountFromPercent,
      'Line Discount %': discountFromPercent,
      'Line Discount Amount': percentFromDiscount,
    },
    beforeInsert: prepareInsert(headerTable),
    afterInsert: (draft, row) => refresh(draft.context, row),
    beforeModify: (draft) => {
      if (Object.keys(draft.changed()).length > 0) {
        openHeader(draft.context, headerTable, draft.text('Document Id'));
      }
    },
    afterModify: (draft, row) => refresh(draft.context, row),
    beforeDelete: (context, row) => {
      openHeader(context, headerTable, String(row.values['Document Id'] ?? ''));
    },
    afterDelete: refresh,
  };
}
