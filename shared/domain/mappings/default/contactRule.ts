/** The entity rule of CONTACT: the company a person belongs to, on both sides (E-97 to E-99). */
import type { PassDirection } from '../../common/directions.ts';
import { dataverseId, mappingName } from '../../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValue, FieldValues } from '../../common/records.ts';
import {
  type EntityRule,
  nothing,
  plainRule,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import type { Reference } from '../../sync/lookups.ts';
import { problem } from '../../sync/problems.ts';
import { cut, isBlank } from '../../sync/values.ts';

type Source = BusinessCentralRecord | DataverseRow;

const customers = mappingName('CUSTOMER');
const longestName = 100;

/** The related customer in Business Central, or the parent account in Sales. */
function companyOf(pass: PassDirection, source: Source): FieldValue {
  return source.values[pass === 'toDataverse' ? 'contactExtras/customerId' : 'parentcustomerid'] ?? null;
}

function companyReference(pass: PassDirection, source: Source): Reference | null {
  const value = companyOf(pass, source);
  if (isBlank(value)) return null;
  const isOurs = pass === 'toDataverse';
  const side = isOurs ? 'businessCentral' : 'dataverse';
  return { mapping: customers, side, by: 'id', value: String(value), synchroniseFirst: !isOurs };
}

/** The parent account is the coupled account of the company's customer; until there is one the contact waits (E-167). */
function parentAccount({ businessCentral, lookups }: RuleSubject): RuleOutcome {
  const reference = businessCentral && companyReference('toDataverse', businessCentral);
  if (!reference) return nothing;
  const answer = lookups.find(reference);
  if (answer.status === 'coupled') {
    return { kind: 'values', values: { parentcustomerid: { table: 'account', id: dataverseId(answer.id) } } };
  }
  const message = 'The customer of the contact is not coupled to an account yet.';
  const details = { message, field: 'parentcustomerid', parameters: [reference.value] };
  return { kind: 'problem', problem: problem('record-not-coupled', details) };
}

/**
 * A contact gets the company contact of the customer that its parent account is coupled to. A parent outside the filter
 * of customers never becomes one: its contacts have no company (E-98).
 */
function companyNumber({ dataverse, lookups, context }: RuleSubject): RuleOutcome {
  const reference = dataverse && companyReference('toBusinessCentral', dataverse);
  const answer = reference ? lookups.find(reference) : null;
  if (answer?.status !== 'coupled') {
    const outside = reference !== null && context.accountsOutsideFilter.has(reference.value);
    return outside
      ? nothing
      : companyMissing(reference, 'The parent account is not coupled to a customer yet.');
  }
  const number = context.companyContacts.get(answer.id);
  if (number !== undefined) return { kind: 'values', values: { companyNumber: number } };
  const message = 'The customer of the parent account has no company contact in Business Central.';
  return companyMissing(reference, message);
}

function companyMissing(reference: Reference | null, message: string): RuleOutcome {
  const details = { message, field: 'companyNumber', parameters: [reference?.value ?? ''] };
  return { kind: 'problem', problem: problem('contact-company-missing', details) };
}

/** Business Central refuses a contact without a name, and derives it from the name parts afterwards. */
function newContact(subject: RuleSubject): RuleOutcome {
  const company = companyNumber(subject);
  if (company.kind === 'problem') return company;
  const values: FieldValues = subject.dataverse?.values ?? {};
  const parts = [values['firstname'], values['middlename'], values['lastname']].filter(
    (part) => !isBlank(part),
  );
  const displayName = cut(parts.map(String).join(' '), longestName);
  return { kind: 'values', values: { ...company.values, displayName } };
}

export const contactRule: EntityRule = {
  ...plainRule,
  facts: ['companyContacts'],
  // A contact whose company has no customer relation is left out without a counter (E-97).
  isCandidate: (pass, source) => !isBlank(companyOf(pass, source)),
  inputs: (pass, source) => ({ company: companyOf(pass, source) }),
  references: (pass, source) => {
    const reference = companyReference(pass, source);
    return reference ? [reference] : [];
  },
  onInsert: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : newContact(subject)),
  onModify: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : companyNumber(subject)),
};
