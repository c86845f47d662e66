/** Display texts of column values, as the FormattedValue annotation shows them (en-US, UTC). */
import type { Organisation } from '../organisation.ts';
import { type Column, lookupTypeProperty, type Table } from '../schema/schema.ts';
import { type ColumnValue, type Row, textOf } from '../store/row.ts';

const integerFormat = new Intl.NumberFormat('en-US');
const dateFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeZone: 'UTC' });
const instantFormat = new Intl.DateTimeFormat('en-US', {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** The text, or null where Dataverse gives none. */
export function formattedValue(
  organisation: Organisation,
  table: Table,
  column: Column,
  row: Row,
  value: ColumnValue,
): string | null {
  if (value === null) return null;
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return organisation.options.of(table, column).find((option) => option.value === value)?.label ?? null;
    case 'Boolean':
      return value === true ? 'Yes' : 'No';
    case 'Lookup':
    case 'Owner':
    case 'Customer':
      return lookupName(organisation, column, row);
    case 'DateTime':
      return (column.edm === 'Edm.Date' ? dateFormat : instantFormat).format(new Date(String(value)));
    case 'Money':
      return moneyText(organisation, row, column, Number(value));
    case 'Integer':
    case 'BigInt':
      return integerFormat.format(Number(value));
    case 'Decimal':
    case 'Double':
      return withDigits(Number(value), column.precision ?? 2);
    default:
      return null;
  }
}

function lookupName(organisation: Organisation, column: Column, row: Row): string | null {
  const target = lookupTarget(column, row);
  const table = target ? organisation.schema.byName.get(target) : undefined;
  const related = table ? organisation.store.get(table, textOf(row, column.property)) : undefined;
  return table && related ? textOf(related, table.primaryName) : null;
}

/** The table a lookup value points to. */
export function lookupTarget(column: Column, row: Row): string | null {
  return column.targets.length > 1 ? textOf(row, lookupTypeProperty(column)) : (column.targets[0] ?? null);
}

function moneyText(organisation: Organisation, row: Row, column: Column, value: number): string {
  const { store } = organisation;
  const own = store.get('transactioncurrency', textOf(row, '_transactioncurrencyid_value'));
  const base = store.get('transactioncurrency', textOf(store.organization(), '_basecurrencyid_value'));
  const symbol = textOf(column.name.endsWith('_base') ? base : (own ?? base), 'currencysymbol') ?? '';
  return `${value < 0 ? '-' : ''}${symbol}${withDigits(Math.abs(value), 2)}`;
}

function withDigits(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
