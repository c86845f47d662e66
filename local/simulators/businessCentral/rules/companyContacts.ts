/** The company contact of a customer or vendor: made with it, related to it, and kept in line with it (sections 5 and 9). */
import { Draft, type WriteContext } from '../page/draft.ts';
import { insertDraft } from '../page/writePage.ts';
import type { Value } from '../schema/entityModel.ts';
import { requireSet } from '../schema/schema.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';

/** Tables whose records are business partners, with the code of their relation to a contact. */
export const partnerCodes = { Customer: 'CUST', Vendor: 'VEND' } as const;
export type Partner = keyof typeof partnerCodes;

/** Fields that a partner and its company contact share; a change of the partner is carried to the contact. */
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
  'Currency Code',
  'Fax No.',
];

/** The shared fields by their names on the partner; the contact's salesperson is the vendor's purchaser. */
function sharedFields(partner: Partner): readonly (readonly [ours: string, contacts: string])[] {
  const person = partner === 'Customer' ? 'Salesperson Code' : 'Purchaser Code';
  return [...shared.map((column) => [column, column] as const), [person, 'Salesperson Code']];
}

/** The company contact of a customer or vendor, through its business relation. */
export function companyContactOf(
  context: Pick<WriteContext, 'company'>,
  number: string,
  partner: Partner = 'Customer',
): Row | undefined {
  const relation = context.company
    .table('Contact Business Relation')
    .findAll('No.', number)
    .find((row) => row.values['Link to Table'] === partner);
  return relation && context.company.table('Contact').find('No.', relation.values['Contact No.'] ?? '');
}

/** The contact shown on a partner is the name of its primary contact, who must belong to it. */
export function validatePrimaryContact(draft: Draft, partner: Partner): void {
  const number = draft.text('Primary Contact No.');
  if (number === '') return;
  const contact = draft.find('Contact', 'No.', number);
  const company = companyContactOf(draft.context, draft.text('No.'), partner);
  if (!contact || !company || contact.values['Company No.'] !== company.values['No.']) {
    throw dialogError(`Contact ${number} is not related to ${partner.toLowerCase()} ${draft.text('No.')}.`);
  }
  if (!draft.given.has('Contact')) draft.assign('Contact', contact.values['Name'] ?? '');
}

/** Makes the company contact of a new partner. */
export function createCompanyContact(draft: Draft, row: Row, partner: Partner): void {
  const { context } = draft;
  const contact = new Draft(context, requireSet('contacts'), null);
  for (const [ours, contacts] of sharedFields(partner)) contact.assign(contacts, draft.get(ours));
  contact.assign('Type', partner === 'Customer' ? draft.get('Contact Type') : 'Company');
  relate(context, insertDraft(contact), row, partner);
}

function relate(context: WriteContext, contact: Row, row: Row, partner: Partner): void {
  const relation = new Draft(context, requireSet('contactBusinessRelations'), null);
  relation.assign('Contact No.', contact.values['No.'] ?? '');
  relation.assign('Business Relation Code', partnerCodes[partner]);
  relation.assign('Link to Table', partner);
  relation.assign('No.', row.values['No.'] ?? '');
  insertDraft(relation);
}

/** Carries changes of a partner to its company contact. */
export function carryToContact(draft: Draft, columns: readonly string[], partner: Partner): void {
  const contact = companyContactOf(draft.context, draft.text('No.'), partner);
  if (!contact) return;
  const table = draft.context.company.table('Contact');
  const changes: Record<string, Value> = Object.fromEntries(
    sharedFields(partner)
      .filter(([ours, theirs]) => columns.includes(ours) && table.value(contact, theirs) !== draft.get(ours))
      .map(([ours, theirs]) => [theirs, draft.get(ours)]),
  );
  if (Object.keys(changes).length === 0) return;
  if ('Name' in changes) changes['Company Name'] = draft.get('Name');
  draft.context.database.update(draft.context.company, table, contact, changes, draft.context.user);
}

/** Removes the relations of a deleted partner; its contact stays. */
export function unrelate(context: WriteContext, row: Row, partner: Partner): void {
  const table = context.company.table('Contact Business Relation');
  for (const relation of table.findAll('No.', row.values['No.'] ?? '')) {
    if (relation.values['Link to Table'] === partner)
      context.database.delete(context.company, table, relation);
  }
}
