/** The entity rule of OPPORTUNITY: the account of the customer that the contact's company stands for (E-107). */
import { dataverseId, mappingName } from '../../common/ids.ts';
import type { BusinessCentralRecord } from '../../common/records.ts';
import {
  type EntityRule,
  nothing,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
  type WantedCompany,
} from '../../sync/entityRule.ts';
import type { Reference } from '../../sync/lookups.ts';
import { problem } from '../../sync/problems.ts';
import type { Transfer } from '../../sync/transfer.ts';
import { canonicalText, isBlank } from '../../sync/values.ts';
import type { FieldMapping } from '../model.ts';

const contacts = mappingName('CONTACT');
const customers = mappingName('CUSTOMER');
/** There only where salespeople own records (E-70). */
const salespeople = mappingName('SALESPEOPLE');
const companyKey = 'opportunityExtras/contactCompanyNumber';

function companyOf(opportunity: BusinessCentralRecord): WantedCompany | null {
  const number = opportunity.values[companyKey] ?? null;
  return isBlank(number) ? null : { number: String(number), isNoCustomer: false };
}

function customerReference(opportunity: BusinessCentralRecord, context: RuleContext): Reference | null {
  const number = opportunity.values[companyKey] ?? null;
  const customer = context.companyRelations.get(String(number ?? ''))?.customer;
  return customer ? { mapping: customers, side: 'businessCentral', ...customer } : null;
}

/** No relation leaves the account empty; a customer that is gone is an error, one not coupled yet a dependency. */
function parentAccount({ businessCentral, lookups, context }: RuleSubject): RuleOutcome {
  if (!businessCentral || !(companyKey in businessCentral.values)) return nothing;
  const reference = customerReference(businessCentral, context);
  if (!reference) return { kind: 'values', values: { parentaccountid: null } };
  const answer = lookups.find(reference);
  if (answer.status === 'coupled') {
    return { kind: 'values', values: { parentaccountid: { table: 'account', id: dataverseId(answer.id) } } };
  }
  const isGone = answer.status === 'notFound';
  const message = isGone
    ? 'The customer of the company of the opportunity does not exist any more.'
    : 'The customer of the company of the opportunity is not coupled to an account yet.';
  const details = { message, field: 'parentaccountid', parameters: [reference.value] };
  return { kind: 'problem', problem: problem(isGone ? 'record-not-found' : 'record-not-coupled', details) };
}

/**
 * Where a team owns the records, only opportunities of a person in a company take part (D-139). Without the page of the
 * companion app that tells the company, everyone does.
 */
function hasPersonInCompany({ values }: BusinessCentralRecord, { mappings }: RuleContext): boolean {
  const isTeamOwned = !mappings.some(({ name }) => name === salespeople);
  if (!isTeamOwned || !(companyKey in values)) return true;
  const company = values[companyKey] ?? null;
  return !isBlank(company) && company !== values['contactNumber'];
}

/**
 * Why the contact of the opportunity cannot be coupled, where that is known: a company has no counterpart in Sales, nor has
 * a person of a company that is neither customer nor vendor (E-97, E-107). Null leaves it to the usual reference.
 */
function contactOf(field: FieldMapping, subject: RuleSubject): Transfer | null {
  const { pass, businessCentral, lookups, context } = subject;
  if (pass !== 'toDataverse' || field.dataverse?.attribute !== 'parentcontactid') return null;
  const contact = canonicalText(businessCentral?.values['contactNumber']);
  const company = canonicalText(businessCentral?.values[companyKey]);
  const reference = { mapping: contacts, side: 'businessCentral', by: 'key', value: contact } as const;
  if (contact === '' || lookups.find(reference).status === 'coupled') return null;
  const why = whyNotCoupled(contact, company, context);
  if (why === null) return null;
  const details = { message: why, field: field.id, parameters: [contact] };
  return { kind: 'problem', problem: problem('record-not-coupled', details) };
}

function whyNotCoupled(contact: string, company: string, context: RuleContext): string | null {
  if (contact === company) {
    return (
      `Contact ${contact} of the opportunity is a company, and only persons have a counterpart in Sales. ` +
      'Choose a person of that company as its contact in Business Central.'
    );
  }
  const relation = context.companyRelations.get(company);
  if (!relation || relation.customer || relation.vendor) return null;
  return (
    `Company ${company} of contact ${contact} is neither customer nor vendor, so its persons are not synchronised. ` +
    'Make it a customer in Business Central.'
  );
}

export const opportunityRule: EntityRule = {
  ...plainRule,
  isCandidate: (pass, source, context) =>
    pass === 'toBusinessCentral' || hasPersonInCompany(source as BusinessCentralRecord, context),
  transfer: contactOf,
  companyOf,
  references: (pass, source, context) => {
    const reference =
      pass === 'toDataverse' ? customerReference(source as BusinessCentralRecord, context) : null;
    return reference ? [reference] : [];
  },
  onInsert: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : nothing),
  onModify: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : nothing),
};
