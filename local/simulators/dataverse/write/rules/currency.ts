/** Currency, exchange rate and the amounts in base currency (dataverse-web-api section 8). */
import { invalidArgument } from '../../errors.ts';
import type { Column } from '../../schema/schema.ts';
import { numberOf, textOf } from '../../store/row.ts';
import { roundTo } from '../columnValues.ts';
import type { RowDraft } from '../rowDraft.ts';

const currencyProperty = '_transactioncurrencyid_value';
/** Tables that have a currency column but are not given the default currency. */
const withoutDefault: readonly string[] = ['systemuser', 'team', 'businessunit', 'organization'];
const baseDigits = 4;

/** The base currency has rate 1 and keeps it; other rates must be positive. */
export function checkExchangeRate(draft: RowDraft): void {
  if (draft.table.logicalName !== 'transactioncurrency') return;
  const rate = draft.number('exchangerate');
  if (rate !== null && rate <= 0) throw invalidArgument('The exchange rate must be above zero.');
  const base = textOf(draft.context.organisation.store.organization(), '_basecurrencyid_value');
  if (draft.id === base && draft.writes('exchangerate') && rate !== 1) {
    throw invalidArgument('The exchange rate of the base currency cannot be changed.');
  }
}

/** Currency = the user's or the organisation's when absent on create; rate and base amounts follow. */
export function applyCurrency(draft: RowDraft): void {
  const { table } = draft;
  if (!table.byProperty.has(currencyProperty)) return;
  if (draft.isCreate && !withoutDefault.includes(table.logicalName)) {
    draft.setDefault(currencyProperty, defaultCurrency(draft));
  }
  const { moneyColumns } = table;
  const touched = moneyColumns.some((column) => draft.writes(column.name));
  if (!draft.isCreate && !touched && !draft.writes(currencyProperty)) return;
  const { store } = draft.context.organisation;
  const rate = numberOf(store.get('transactioncurrency', draft.text(currencyProperty)), 'exchangerate');
  const before = draft.number('exchangerate');
  if (rate !== null) draft.set('exchangerate', rate);
  applyBaseAmounts(draft, moneyColumns, rate !== before);
}

function defaultCurrency(draft: RowDraft): string | null {
  const { acting, organisation } = draft.context;
  return (
    textOf(acting.user, currencyProperty) ??
    textOf(organisation.store.organization(), '_basecurrencyid_value')
  );
}

function applyBaseAmounts(draft: RowDraft, columns: readonly Column[], rateChanged: boolean): void {
  const rate = draft.number('exchangerate');
  for (const column of columns) {
    if (column.name.endsWith('_base') || !(rateChanged || draft.writes(column.name))) continue;
    const amount = draft.number(column.name);
    draft.set(`${column.name}_base`, amount === null || !rate ? null : roundTo(amount / rate, baseDigits));
  }
}
