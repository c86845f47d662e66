/** Read-only account and contact columns that follow a customer lookup. */
import type { RowDraft } from '../rowDraft.ts';

/** `accountid`/`contactid` of documents, `accountid`/`parentcontactid` of contacts. */
export function applyCustomer(draft: RowDraft): void {
  follow(draft, 'customerid', 'contactid');
  follow(draft, 'parentcustomerid', 'parentcontactid');
}

function follow(draft: RowDraft, customerColumn: string, contactColumn: string): void {
  const property = `_${customerColumn}_value`;
  if (!draft.writes(property)) return;
  const target = draft.lookupTable(customerColumn);
  const id = draft.text(property);
  draft.setLookup('accountid', 'account', target === 'account' ? id : null);
  draft.setLookup(contactColumn, 'contact', target === 'contact' ? id : null);
}
