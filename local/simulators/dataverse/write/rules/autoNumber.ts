/** Numbers of orders, quotes and invoices: `ORD-01001-R8T2VB` (dataverse-web-api section 8). */
import { numberOf, textOf, withChanges } from '../../store/row.ts';
import type { RowDraft } from '../rowDraft.ts';

const numbered: Readonly<Record<string, { readonly property: string; readonly kind: string }>> = {
  salesorder: { property: 'ordernumber', kind: 'order' },
  quote: { property: 'quotenumber', kind: 'quote' },
  invoice: { property: 'invoicenumber', kind: 'invoice' },
};
const suffixAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
const firstNumber = 1_000;
const digits = 5;

/** Gives a new document its number when the caller gave none. */
export function applyAutoNumber(draft: RowDraft): void {
  const series = numbered[draft.table.logicalName];
  if (!draft.isCreate || !series) return;
  if (series.kind === 'quote') draft.setDefault('revisionnumber', 0);
  if (draft.get(series.property) !== null) return;
  draft.set(series.property, nextNumber(draft, series.kind));
}

/** The counters live on the organization row; they move on without a new version of that row. */
function nextNumber(draft: RowDraft, kind: string): string {
  const { store, random } = draft.context.organisation;
  const organization = store.organization();
  const counter = `current${kind}number`;
  const number = numberOf(organization, counter) ?? firstNumber;
  store.put(store.tableOf('organization'), withChanges(organization, { [counter]: number + 1 }));
  const length = numberOf(organization, 'uniquespecifierlength') ?? 6;
  const prefix = textOf(organization, `${kind}prefix`) ?? kind.slice(0, 3).toUpperCase();
  const suffix = Array.from({ length }, () =>
    suffixAlphabet.charAt(Math.floor(random() * suffixAlphabet.length)),
  );
  return `${prefix}-${String(number).padStart(digits, '0')}-${suffix.join('')}`;
}
