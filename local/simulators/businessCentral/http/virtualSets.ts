/** Sets without a stored table: companies, contacts of a customer, sales per customer, webhook support. */
import type { FilterExpression } from '../../../../shared/domain/odata/filterExpression.ts';
import type { Environment } from '../environment.ts';
import { boundsOf, conjuncts, equalSetOf } from '../query/conditions.ts';
import { passingRow } from '../query/pageSource.ts';
import { companyContactOf, type Partner, partnerCodes } from '../rules/companyContacts.ts';
import { companionRoute, standardRoute } from '../schema/entityModel.ts';
import { entitySets } from '../schema/schema.ts';
import { dialogError } from '../serviceError.ts';
import type { Company } from '../store/company.ts';
import type { Row } from '../store/row.ts';

/** Sets whose records are worked out for each request. */
export const virtualSets = ['companies', 'contactsInformation', 'customerSales', 'webhookSupportedResources'];

/** All companies of the environment. */
export function companyRows(environment: Environment): readonly Row[] {
  return [...environment.database.companies.values()].map(({ info }) =>
    passingRow(info.id, {
      id: info.id,
      systemVersion: info.systemVersion,
      name: info.name,
      displayName: info.displayName,
      systemCreatedAt: info.createdAt,
      systemModifiedAt: info.modifiedAt,
    }),
  );
}

/** The contacts of one customer or vendor: its company contact and the persons of that company. */
function contactInformation(company: Company, partnerId: string, partner: Partner): readonly Row[] {
  const row = company.table(partner).get(partnerId);
  if (!row) return [];
  const related = companyContactOf({ company }, String(row.values['No.'] ?? ''), partner);
  if (!related) return [];
  const contacts = company.table('Contact').findAll('Company No.', related.values['No.'] ?? '');
  return [related, ...contacts.filter((contact) => contact !== related)].map((contact) =>
    passingRow(contact.id, {
      'Contact Id': contact.id,
      'Contact No.': contact.values['No.'] ?? '',
      'Contact Name': contact.values['Name'] ?? '',
      'Contact Type': contact.values['Type'] ?? 'Company',
      'Related Id': partnerId,
      'Related Type': partner,
    }),
  );
}

/** The page has a temporary source: it answers with a relation only (section 9). */
function contactsInformationRows(company: Company, filter: FilterExpression | null): readonly Row[] {
  const equal = conjuncts(filter).map(equalSetOf);
  const related = equal.find((each) => each?.property === 'relatedId');
  const type = equal.find((each) => each?.property === 'relatedType');
  if (!related || !type) throw dialogError('You must specify a relatedId and a relatedType to get contacts.');
  const partners = (Object.keys(partnerCodes) as Partner[]).filter((each) => type.values.includes(each));
  return partners.flatMap((partner) =>
    related.values.flatMap((id) => contactInformation(company, String(id), partner)),
  );
}

function salesBetween(company: Company, number: string, from: string, to: string): number {
  let sum = 0;
  for (const invoice of company.table('Sales Invoice Header').findAll('Bill-to Customer No.', number)) {
    const date = String(invoice.values['Posting Date'] ?? '');
    if (date < from || date > to || invoice.values['Cancelled'] === true) continue;
    const factor = Number(invoice.values['Currency Factor'] ?? 0) || 1;
    sum += Number(invoice.values['Amount'] ?? 0) / factor;
  }
  return Math.round(sum * 100) / 100;
}

/** The API query over customers; a filter on its filter element narrows the posting date (ST-12). */
function customerSalesRows(company: Company, filter: FilterExpression | null): readonly Row[] {
  const bounds = boundsOf(filter, 'dateFilter_FilterOnly');
  const from = bounds
    .filter((bound) => bound.operator.startsWith('g'))
    .map((bound) => String(bound.literal.value));
  const to = bounds
    .filter((bound) => bound.operator.startsWith('l'))
    .map((bound) => String(bound.literal.value));
  const [first, last] = [from.sort().at(-1) ?? '', to.sort().at(0) ?? '9999-12-31'];
  return [...company.table('Customer').rows()].map((customer) => {
    const number = String(customer.values['No.'] ?? '');
    const total = bounds.length === 0 ? Number(customer.values['Sales (LCY)'] ?? 0) : null;
    return passingRow(customer.id, {
      customerId: customer.id,
      customerNumber: number,
      name: customer.values['Name'] ?? '',
      totalSalesAmount: total ?? salesBetween(company, number, first, last),
      dateFilter_FilterOnly: first || '0001-01-01',
    });
  });
}

/** What can be subscribed to, as `{route}/{set}` (section 7.2). */
function webhookRows(environment: Environment): readonly Row[] {
  return entitySets
    .filter((set) => set.webhookSupported)
    .filter(
      (set) => set.route === standardRoute || (set.route === companionRoute && environment.companionApp),
    )
    .map((set) => passingRow(`${set.route}/${set.entitySet}`, { resource: `${set.route}/${set.entitySet}` }));
}

/** The rows of a virtual set before its filter is applied. */
export function virtualRows(
  environment: Environment,
  company: Company,
  set: string,
  filter: FilterExpression | null,
): readonly Row[] {
  switch (set) {
    case 'companies':
      return companyRows(environment);
    case 'contactsInformation':
      return contactsInformationRows(company, filter);
    case 'customerSales':
      return customerSalesRows(company, filter);
    default:
      return webhookRows(environment);
  }
}
