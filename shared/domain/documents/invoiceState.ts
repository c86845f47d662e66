/** The state of an invoice in Sales, as it follows from what is left to pay in Business Central (D-132 to D-134). */
import type { FieldValues } from '../common/records.ts';
import type { BaseDigests } from '../couplings/coupling.ts';
import { ruleInputPrefix } from '../sync/changed.ts';
import { baseOfSide, type DigestText, digestValue } from '../sync/digests.ts';

/** State and status of a row that belong together. */
export interface StatePair {
  readonly statecode: number;
  readonly statuscode: number;
}

/** Where an invoice stands. */
export const invoiceStands = ['open', 'partlyPaid', 'paid', 'cancelled'] as const;
export type InvoiceStand = (typeof invoiceStands)[number];

/** What each is in Sales (D-13): Active/Billed, Paid/Partial, Paid/Complete, Canceled. */
export const invoiceStates: Readonly<Record<InvoiceStand, StatePair>> = {
  open: { statecode: 0, statuscode: 4 },
  partlyPaid: { statecode: 2, statuscode: 100002 },
  paid: { statecode: 2, statuscode: 100001 },
  cancelled: { statecode: 3, statuscode: 100003 },
};

/** Properties of a posted invoice that its stand follows from. */
export const standProperties = ['amountIncludingTax', 'remainingAmount', 'cancelled'] as const;

/** A cancelled invoice is that, whatever is left of it; nothing left means paid, less than all of it partly paid. */
export function standOf(values: FieldValues): InvoiceStand {
  if (values['cancelled'] === true) return 'cancelled';
  const remaining = Number(values['remainingAmount'] ?? 0);
  if (remaining === 0) return 'paid';
  return remaining === Number(values['amountIncludingTax'] ?? 0) ? 'open' : 'partlyPaid';
}

/** Whether an invoice that stands so may still get another stand by payments alone. */
export function isStillOpen(stand: InvoiceStand): boolean {
  return stand === 'open' || stand === 'partlyPaid';
}

/** Whether a row in Sales has the state already. */
export function isInState(row: FieldValues, { statecode, statuscode }: StatePair): boolean {
  return row['statecode'] === statecode && row['statuscode'] === statuscode;
}

/** Only an active invoice can be edited. */
export function isEditable(row: FieldValues): boolean {
  return row['statecode'] === invoiceStates.open.statecode;
}

/**
 * The writes, one after the other, that bring a row into a state: an invoice that is paid or canceled is opened first
 * (D-20). Empty when it is in it.
 */
export function stateSteps(row: FieldValues, stand: InvoiceStand): readonly StatePair[] {
  const wanted = invoiceStates[stand];
  if (isInState(row, wanted)) return [];
  const isDirect = isEditable(row) || stand === 'open';
  return isDirect ? [wanted] : [invoiceStates.open, wanted];
}

/** The rule input under which a coupling remembers how its invoice stood. */
export const standInput = 'stand';

/** How the invoice stood when both sides last agreed; null when the coupling does not tell. */
export function rememberedStand(digest: DigestText, base: BaseDigests | null): InvoiceStand | null {
  const id = ruleInputPrefix + standInput;
  const entry = base?.[id];
  if (entry === undefined) return null;
  const held = baseOfSide(entry, 'businessCentral');
  return invoiceStands.find((stand) => digestValue(digest, id, stand) === held) ?? null;
}
