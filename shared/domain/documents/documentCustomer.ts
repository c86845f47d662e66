/** Whose document it is (D-44). */
import type { BusinessCentralRecord, DataverseRow } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';
import { type Decided, type DocumentFacts, decided, undecided } from './documentFacts.ts';
import { documentProblem } from './documentProblems.ts';
import type { DocumentType } from './documentType.ts';

/** `customertypecode` of an account that is a customer. */
const customerType = 3;

/** The customer of the document's account. None is created on the fly. */
export function customerOf(
  type: DocumentType,
  header: DataverseRow,
  facts: DocumentFacts,
): Decided<BusinessCentralRecord> {
  const account = accountOf(type, header, facts);
  if (account.kind === 'problem') return account;
  const { id, values } = account.value;
  const name = canonicalText(values['name']);
  const customer = facts.customers.get(id);
  if (!customer) {
    const message = `The account "${name}" is not coupled to a customer.`;
    return undecided(documentProblem(type, 'CUSTOMER_NOT_COUPLED', message, [id]));
  }
  if (customer.record) return decided(customer.record);
  const message = `The customer that the account "${name}" is coupled to no longer exists.`;
  return undecided(documentProblem(type, 'CUSTOMER_MISSING', message, [id]));
}

function accountOf(type: DocumentType, header: DataverseRow, facts: DocumentFacts): Decided<DataverseRow> {
  const id = canonicalText(header.values['customerid']);
  if (id === '') return undecided(documentProblem(type, 'NO_CUSTOMER', 'The document has no customer.'));
  // Where the service does not tell the table of the reference, the rows that were found do.
  const isContact =
    (header.lookupTables['customerid'] ?? (facts.contacts.has(id) ? 'contact' : 'account')) === 'contact';
  const account = facts.accounts.get(isContact ? parentOf(facts.contacts.get(id)) : id);
  if (!account) {
    const message = isContact
      ? 'The contact of the document has no account.'
      : 'The account of the document does not exist.';
    return undecided(documentProblem(type, 'NO_ACCOUNT', message));
  }
  if (isContact || account.values['customertypecode'] === customerType) return decided(account);
  const message = `The account "${canonicalText(account.values['name'])}" is not of relationship type Customer.`;
  return undecided(documentProblem(type, 'ACCOUNT_NOT_CUSTOMER', message, [id]));
}

function parentOf(contact: DataverseRow | undefined): string {
  return canonicalText(contact?.values['parentcustomerid']);
}
