/** Contacts: names of persons, the company a person belongs to, deletion. */
import type { Draft, WriteContext } from '../page/draft.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import type { TableRules } from './rules.ts';

/** First name, middle name and surname of a full name, split at blanks as the Contact table does. */
export function splitName(name: string): {
  readonly first: string;
  readonly middle: string;
  readonly surname: string;
} {
  const parts = name.split(' ').filter(Boolean);
  const surname = parts.length > 1 ? (parts.pop() ?? '') : '';
  const middle = parts.length > 1 ? (parts.pop() ?? '') : '';
  return { first: parts.join(' '), middle, surname };
}

function validateName(draft: Draft): void {
  if (draft.get('Type') !== 'Person') return;
  const { first, middle, surname } = splitName(draft.text('Name'));
  draft.assign('First Name', first.slice(0, 30));
  draft.assign('Middle Name', middle.slice(0, 30));
  draft.assign('Surname', surname.slice(0, 30));
}

function composeName(draft: Draft): void {
  if (draft.get('Type') !== 'Person') return;
  const parts = [draft.text('First Name'), draft.text('Middle Name'), draft.text('Surname')];
  draft.assign('Name', parts.filter(Boolean).join(' ').slice(0, 100));
}

function validateCompany(draft: Draft): void {
  const number = draft.text('Company No.');
  if (number === '') {
    draft.assign('Company Name', '');
    return;
  }
  const company = draft.find('Contact', 'No.', number);
  if (!company) return;
  if (company.values['Type'] === 'Person') throw dialogError(`Contact ${number} is not a company.`);
  draft.assign('Company Name', company.values['Name'] ?? '');
}

function refuseBlankName(draft: Draft): void {
  if (draft.text('Name').trim() === '') throw dialogError('The contact name must be filled in: displayName.');
}

/** A company is its own company; its search name follows its name. */
function deriveNames(draft: Draft): void {
  if (draft.get('Type') === 'Company') draft.assign('Company Name', draft.get('Name'));
  const stored = draft.row ? String(draft.row.values['Name'] ?? '').toUpperCase() : '';
  const search = draft.text('Search Name');
  if (!draft.given.has('Search Name') && (search === '' || search === stored)) {
    draft.assign('Search Name', draft.text('Name').toUpperCase());
  }
}

/** The number of a new company is known only after the series gave it. */
function ownCompany(draft: Draft, row: Row): void {
  if (draft.get('Type') !== 'Company' || draft.text('Company No.') !== '') return;
  const { database, company } = draft.context;
  database.updateSilently(company.table('Contact'), row, { 'Company No.': row.values['No.'] ?? '' });
}

function refuseDeleteInUse(context: WriteContext, row: Row): void {
  const number = row.values['No.'] ?? '';
  const contacts = context.company.table('Contact');
  const persons = contacts.findAll('Company No.', number).filter((each) => each !== row);
  if (persons.length > 0)
    throw dialogError(`You cannot delete contact ${number} because it has person contacts.`);
  if (context.company.table('Opportunity').find('Contact No.', number)) {
    throw dialogError(`You cannot delete contact ${number} because it has opportunities.`);
  }
}

/** Rules of the table Contact. */
export const contactRules: TableRules = {
  validate: {
    Name: validateName,
    Type: validateName,
    'First Name': composeName,
    'Middle Name': composeName,
    Surname: composeName,
    'Company No.': validateCompany,
  },
  beforeInsert: (draft) => {
    refuseBlankName(draft);
    deriveNames(draft);
  },
  afterInsert: ownCompany,
  beforeModify: (draft) => {
    refuseBlankName(draft);
    deriveNames(draft);
  },
  beforeDelete: refuseDeleteInUse,
  afterDelete: (context, row) => {
    const table = context.company.table('Contact Business Relation');
    for (const relation of table.findAll('Contact No.', row.values['No.'] ?? '')) {
      context.database.delete(context.company, table, relation);
    }
  },
};
