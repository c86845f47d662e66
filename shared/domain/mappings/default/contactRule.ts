/** The entity rule of CONTACT: the company a person belongs to, on both sides (E-97 to E-99). */
import type { PassDirection } from '../../common/directions.ts';
import { dataverseId, mappingName } from '../../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValue, FieldValues } from '../../common/records.ts';
import {
  type EntityRule,
  nothing,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
  type WantedCompany,
} from '../../sync/entityRule.ts';
import type { DoneRecord } from '../../sync/followUps.ts';
import type { Lookups, Reference } from '../../sync/lookups.ts';
import { problem } from '../../sync/problems.ts';
import { cut, isBlank } from '../../sync/values.ts';
import { companyReads, primaryContactWrites } from './primaryContact.ts';

type Source = BusinessCentralRecord | DataverseRow;

const customers = mappingName('CUSTOMER');
const vendors = mappingName('VENDOR');
const longestName = 100;
/** Characters of a part of a contact's name in Sales. */
const longestPart = 50;

/** The customer in the companion set; blank for none, undefined where the set is not read. */
function customerIdOf(person: BusinessCentralRecord): FieldValue | undefined {
  return person.values['contactExtras/customerId'];
}

/** A company whose customer the person's own record does not tell. */
function companyOf(person: BusinessCentralRecord): WantedCompany | null {
  const number = person.values['companyNumber'] ?? null;
  const customerId = customerIdOf(person);
  if (isBlank(number) || !isBlank(customerId)) return null;
  return { number: String(number), isNoCustomer: customerId !== undefined };
}

/** The customer of the person's company, else its vendor (E-99); null when it is neither. */
function partnerReference(person: BusinessCentralRecord, context: RuleContext): Reference | null {
  const side = 'businessCentral';
  const customerId = customerIdOf(person) ?? null;
  if (!isBlank(customerId)) return { mapping: customers, side, by: 'id', value: String(customerId) };
  const relation = context.companyRelations.get(String(person.values['companyNumber'] ?? ''));
  if (relation?.customer) return { mapping: customers, side, ...relation.customer };
  return relation?.vendor ? { mapping: vendors, side, ...relation.vendor } : null;
}

/** The parent account may be coupled to a customer or to a vendor (E-98). */
function accountReferences(contact: DataverseRow): readonly Reference[] {
  const value = contact.values['parentcustomerid'] ?? null;
  if (isBlank(value)) return [];
  const reference = { side: 'dataverse', by: 'id', value: String(value), synchroniseFirst: true } as const;
  return [customers, vendors].map((mapping) => ({ mapping, ...reference }));
}

function references(pass: PassDirection, source: Source, context: RuleContext): readonly Reference[] {
  if (pass === 'toBusinessCentral') return accountReferences(source as DataverseRow);
  const reference = partnerReference(source as BusinessCentralRecord, context);
  return reference ? [reference] : [];
}

/** Persons whose company is neither customer nor vendor, and contacts without a parent, are left out without a counter (E-97). */
function isCandidate(pass: PassDirection, source: Source, context: RuleContext): boolean {
  return references(pass, source, context).length > 0;
}

/** What a contact belongs to on its own side; a change of it is a change of the contact. */
function belongsTo(pass: PassDirection, source: Source): FieldValue {
  return source.values[pass === 'toDataverse' ? 'companyNumber' : 'parentcustomerid'] ?? null;
}

/** The parent account is the coupled account of the company's customer or vendor; until there is one the contact waits (E-167). */
function parentAccount({ businessCentral, lookups, context }: RuleSubject): RuleOutcome {
  const reference = businessCentral && partnerReference(businessCentral, context);
  if (!reference) return nothing;
  const answer = lookups.find(reference);
  if (answer.status === 'coupled') {
    return { kind: 'values', values: { parentcustomerid: { table: 'account', id: dataverseId(answer.id) } } };
  }
  const partner = reference.mapping === vendors ? 'vendor' : 'customer';
  const message = `The ${partner} of the contact is not coupled to an account yet.`;
  const details = { message, field: 'parentcustomerid', parameters: [reference.value] };
  return { kind: 'problem', problem: problem('record-not-coupled', details) };
}

/**
 * A contact gets the company contact of the customer or vendor that its parent account is coupled to. A parent outside the
 * filters of both never becomes one: its contacts have no company (E-98).
 */
function companyNumber({ dataverse, lookups, context }: RuleSubject): RuleOutcome {
  const possible = dataverse ? accountReferences(dataverse) : [];
  const answers = possible.map((reference) => lookups.find(reference));
  const coupled = answers.find((answer) => answer.status === 'coupled');
  const account = possible[0]?.value ?? '';
  if (!coupled) {
    const isOutside = account !== '' && context.accountsOutsideFilter.has(account);
    const message = 'The parent account is not coupled to a customer or vendor yet.';
    return isOutside ? nothing : companyMissing(account, message);
  }
  const number = context.companyContacts.get(coupled.id);
  if (number !== undefined) return { kind: 'values', values: { companyNumber: number } };
  const message = 'The customer or vendor of the parent account has no company contact in Business Central.';
  return companyMissing(account, message);
}

function companyMissing(account: string, message: string): RuleOutcome {
  const details = { message, field: 'companyNumber', parameters: [account] };
  return { kind: 'problem', problem: problem('contact-company-missing', details) };
}

/** Without the companion app only the whole name is known: a new contact gets its last word as surname. */
function nameParts({ businessCentral }: RuleSubject): Readonly<Record<string, string>> {
  if (!businessCentral || customerIdOf(businessCentral) !== undefined) return {};
  const words = String(businessCentral.values['displayName'] ?? '')
    .split(' ')
    .filter((word) => word !== '');
  const lastname = words.at(-1) ?? '';
  return { firstname: cut(words.slice(0, -1).join(' '), longestPart), lastname: cut(lastname, longestPart) };
}

function newRow(subject: RuleSubject): RuleOutcome {
  const parent = parentAccount(subject);
  if (parent.kind === 'problem') return parent;
  return { kind: 'values', values: { ...nameParts(subject), ...parent.values } };
}

/** Parts of a contact's name, by their names on both sides. */
const partNames = [
  ['firstname', 'contactExtras/firstName'],
  ['middlename', 'contactExtras/middleName'],
  ['lastname', 'contactExtras/surname'],
] as const;

/**
 * Business Central refuses a contact without a name and guesses the parts from it, so parts that are blank in Sales are sent
 * as blanks. Without the companion app the parts are not read, and the row's own name is the whole name.
 */
function newContact(subject: RuleSubject): RuleOutcome {
  const company = companyNumber(subject);
  if (company.kind === 'problem') return company;
  const values: FieldValues = subject.dataverse?.values ?? {};
  const parts = partNames.filter(([attribute]) => !isBlank(values[attribute]));
  const blank = partNames.filter(([attribute]) => attribute in values && isBlank(values[attribute]));
  const whole = parts.map(([attribute]) => String(values[attribute])).join(' ');
  const displayName = cut(whole === '' ? String(values['fullname'] ?? '') : whole, longestName);
  const blanks = Object.fromEntries(blank.map(([, property]) => [property, '']));
  return { kind: 'values', values: { ...company.values, ...blanks, displayName } };
}

/** The customer or vendor of a synchronised contact, as its mapping knows it. */
function partnerOf(
  pass: PassDirection,
  done: DoneRecord,
  context: RuleContext,
  lookups: Lookups,
): Pick<Reference, 'mapping' | 'by' | 'value'> | null {
  if (pass === 'toDataverse') return partnerReference(done.businessCentral, context);
  for (const reference of accountReferences(done.dataverse)) {
    const answer = lookups.find(reference);
    if (answer.status === 'coupled') return { mapping: reference.mapping, by: 'id', value: answer.id };
  }
  return null;
}

export const contactRule: EntityRule = {
  ...plainRule,
  facts: ['companyContacts'],
  companyOf,
  isCandidate,
  inputs: (pass, source) => ({ company: belongsTo(pass, source) }),
  references,
  onInsert: (subject) => (subject.pass === 'toDataverse' ? newRow(subject) : newContact(subject)),
  onModify: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : companyNumber(subject)),
  relatedReads: (pass, done, context, lookups) =>
    companyReads(done, partnerOf(pass, done, context, lookups), context),
  followUps: (pass, done, related, context, lookups) => {
    const partner = partnerOf(pass, done, context, lookups);
    return { kind: 'writes', writes: primaryContactWrites(pass, done, partner, related, context) };
  },
};
