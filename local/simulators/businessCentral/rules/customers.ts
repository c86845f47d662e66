/** Customers: company contact and business relation, primary contact, deletion (sections 5 and 9). */
import { Draft, type WriteContext } from '../page/draft.ts';
import { insertDraft } from '../page/writePage.ts';
import { requireSet } from '../schema/schema.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import type { TableRules } from './rules.ts';

/** Fields that customer and company contact share; a change of the customer is carried to the contact. */
const shared = [
  'Name',
  'Address',
  'Address 2',
  'City',
  'County',
  'Country/Region Code',
  'Post Code',
  'Phone No.',
  'E-Mail',
  'Home Page',
  'Salesperson Code',
  'Currency Code',
  'Fax No.',
];

/** The company contact of a customer, through its business relation. */
export function companyContactOf(
  context: Pick<WriteContext, 'company'>,
  customerNumber: string,
): Row | undefined {
  const relation = context.company
    .table('Contact Business Relation')
    .findAll('No.', customerNumber)
    .find((row) => row.values['Link to Table'] === 'Customer');
  return relation && context.company.table('Contact').find('No.', relation.values['Contact No.'] ?? '');
}

function refuseBlankName(draft: Draft): void {
  if (draft.text('Name').trim() === '')
    throw dialogError('The customer name must be filled in: displayName.');
}

/** The contact shown on the customer is the name of its primary contact, who must belong to the customer. */
function validatePrimaryContact(draft: Draft): void {
  const number = draft.text('Primary Contact No.');
  if (number === '') return;
  const contact = draft.find('Contact', 'No.', number);
  const company = companyContactOf(draft.context, draft.text('No.'));
  if (!contact || !company || contact.values['Company No.'] !== company.values['No.']) {
    throw dialogError(`Contact ${number} is not related to customer ${draft.text('No.')}.`);
  }
  if (!draft.given.has('Contact')) draft.assign('Contact', contact.values['Name'] ?? '');
}

function createCompanyContact(draft: Draft, customer: Row): void {
  const { context } = draft;
  const contact = new Draft(context, requireSet('contacts'), null);
  for (const column of shared) contact.assign(column, draft.get(column));
  contact.assign('Type', draft.get('Contact Type'));
  const row = insertDraft(contact);
  relate(context, row, customer);
}

function relate(context: WriteContext, contact: Row, customer: Row): void {
  const relation = new Draft(context, requireSet('contactBusinessRelations'), null);
  relation.assign('Contact No.', contact.values['No.'] ?? '');
  relation.assign('Business Relation Code', 'CUST');
  relation.assign('Link to Table', 'Customer');
  relation.assign('No.', customer.values['No.'] ?? '');
  insertDraft(relation);
}

function carryToContact(draft: Draft, columns: readonly string[]): void {
  const contact = companyContactOf(draft.context, draft.text('No.'));
  if (!contact) return;
  const table = draft.context.company.table('Contact');
  const changes = Object.fromEntries(
    shared
      .filter((column) => columns.includes(column) && table.value(contact, column) !== draft.get(column))
      .map((column) => [column, draft.get(column)]),
  );
  if (Object.keys(changes).length === 0) return;
  if ('Name' in changes) changes['Company Name'] = draft.get('Name');
  draft.context.database.update(draft.context.company, table, contact, changes, draft.context.user);
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
    'Primary Contact No.': validatePrimaryContact,
    'No.': (draft) => {
      if (draft.row) numbersBefore.set(draft, String(draft.row.values['No.'] ?? ''));
    },
  },
  beforeInsert: refuseBlankName,
  afterInsert: createCompanyContact,
  beforeModify: refuseBlankName,
  afterModify: (draft, _row, changed) => {
    const before = numbersBefore.get(draft);
    if (before !== undefined && 'No.' in changed) rename(draft, before);
    carryToContact(draft, Object.keys(changed));
  },
  beforeDelete: refuseDeleteInUse,
  afterDelete: (context, row) => {
    const table = context.company.table('Contact Business Relation');
    for (const relation of table.findAll('No.', row.values['No.'] ?? '')) {
      if (relation.values['Link to Table'] === 'Customer')
        context.database.delete(context.company, table, relation);
    }
  },
};
