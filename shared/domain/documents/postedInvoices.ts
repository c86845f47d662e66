/** Which of the documents in `salesInvoices` were posted (D-135). */
import type { FieldValue } from '../common/records.ts';

/** Drafts and invoices in review share their set with posted ones; a released draft looks like a posted invoice. */
const unposted: readonly FieldValue[] = ['Draft', 'In Review'];

/** Whether an invoice of this status counts as posted. */
export function isPosted(status: FieldValue | undefined): boolean {
  return !unposted.includes(status ?? null);
}
