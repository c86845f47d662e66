/** Customers: company contact, renaming, deletion (sections 5 and 9). */
import type { Draft, WriteContext } from '../page/draft.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { carryToContact, createCompanyContact, unrelate, validatePrimaryContact } from './companyContacts.ts';
import type { TableRules } from './rules.ts';

function refuseBlankName(draft: Draft): void {
  if (draft.text('Name').trim() === '')
    throw dialogError('The customer name must be filled in: displayName.');
}

/** A new number moves into the rows that point at the customer; that is no change of those rows. */
function rename(draft: Draft, before: string): void {
  const { company, database } = draft.context;
  const number = draft.get('No.');
  const pointing = [
    ['Contact Business Relation', 'No.'],
    ['Sales Order', 'Sell-to Customer No.'],
    ['Sales Order', 'Bill-to Customer No.'],
    ['Sales Quote', 'Sell-to Customer No.'],
    ['Sales Quote', 'Bill-to Customer No.'],
    ['Sales Invoice', 'Sell-to Customer No.'],
    ['Sales Invoice', 'Bill-to Customer No.'],
    ['Sales Invoice Header', 'Sell-to Customer No.'],
    ['Sales Invoice Header', 'Bill-to Customer No.'],
  ] as const;
  for (const [name, column] of pointing) {
    const table = company.table(name);
    for (const row of table.findAll(column, before)) {
      if (name !== 'Contact Business Relation' || row.values['Link to Table'] === 'Customer') {
        database.updateSilently(table, row, { [column]: number });
      }
    }
  }
}

function refuseDeleteInUse(context: WriteContext, row: Row): void {
  const number = row.values['No.'] ?? '';
  const used = ['Sales Order', 'Sales Quote', 'Sales Invoice', 'Sales Invoice Header'].find((table) =>
    context.company.table(table).find('Sell-to Customer No.', number),
  );
  if (used) throw dialogError(`You cannot delete customer ${number} because it is used in ${used}.`);
}

const numbersBefore = new WeakMap<Draft, string>();

/** Rules of the table Customer. */
export const customerRules: TableRules = {
  validate: {
    'Primary Contact No.': (draft) => validatePrimaryContact(draft, 'Customer'),
    'No.': (draft) => {
      if (draft.row) numbersBefore.set(draft, String(draft.row.values['No.'] ?? ''));
    },
  },
  beforeInsert: refuseBlankName,
  afterInsert: (draft, row) => createCompanyContact(draft, row, 'Customer'),
  beforeModify: refuseBlankName,
  afterModify: (draft, _row, changed) => {
    const before = numbersBefore.get(draft);
    if (before !== undefined && 'No.' in changed) rename(draft, before);
    carryToContact(draft, Object.keys(changed), 'Customer');
  },
  beforeDelete: refuseDeleteInUse,
  afterDelete: (context, row) => unrelate(context, row, 'Customer'),
};
