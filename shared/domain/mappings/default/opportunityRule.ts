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
import { isBlank } from '../../sync/values.ts';

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

export const opportunityRule: EntityRule = {
  ...plainRule,
  isCandidate: (pass, source, context) =>
    pass === 'toBusinessCentral' || hasPersonInCompany(source as BusinessCentralRecord, context),
  companyOf,
  references: (pass, source, context) => {
    const reference =
      pass === 'toDataverse' ? customerReference(source as BusinessCentralRecord, context) : null;
    return reference ? [reference] : [];
  },
  onInsert: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : nothing),
  onModify: (subject) => (subject.pass === 'toDataverse' ? parentAccount(subject) : nothing),
};
