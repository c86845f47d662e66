/** Turns a stored row into the JSON of an answer: selected columns, key, etag, annotations. */
import { unknownProperty } from '../errors.ts';
import type { Organisation } from '../organisation.ts';
import { type Column, isLookup, type Table } from '../schema/schema.ts';
import { etagOf, type Row } from '../store/row.ts';
import { formattedValue, lookupTarget } from './formattedValue.ts';
import type { Preferences } from './prefer.ts';

const formattedName = 'OData.Community.Display.V1.FormattedValue';
const navigationName = 'Microsoft.Dynamics.CRM.associatednavigationproperty';
const targetName = 'Microsoft.Dynamics.CRM.lookuplogicalname';
const currencyProperty = '_transactioncurrencyid_value';

/** How rows of a table are shown. */
export interface Presentation {
  readonly organisation: Organisation;
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly preferences: Preferences;
}

/**
 * Which columns an answer shows: those selected, the key, and the currency when a money column is among them
 * (dataverse-web-api section 4). Raises 400 for an unknown name.
 */
export function presentation(
  organisation: Organisation,
  table: Table,
  select: readonly string[] | null,
  preferences: Preferences,
): Presentation {
  return { organisation, table, columns: columnsShown(table, select), preferences };
}

function columnsShown(table: Table, select: readonly string[] | null): readonly Column[] {
  if (select === null || select.includes('*')) return table.columns;
  const names = new Set([...select, table.primaryId]);
  const chosen = new Map<string, Column>();
  for (const name of names) {
    const column = table.byProperty.get(name);
    if (!column) throw unknownProperty(name, table.logicalName);
    chosen.set(name, column);
    const currency = column.type === 'Money' ? table.byProperty.get(currencyProperty) : undefined;
    if (currency) chosen.set(currencyProperty, currency);
  }
  return [...chosen.values()];
}

/** The JSON of one row, without context; null columns are present as null. */
export function presentRow(row: Row, shown: Presentation): Record<string, unknown> {
  const result: Record<string, unknown> = { '@odata.etag': etagOf(row) };
  for (const column of shown.columns) {
    if (shown.preferences.includesAnyAnnotation) annotate(result, row, column, shown);
    result[column.property] = row[column.property] ?? null;
  }
  return result;
}

function annotate(result: Record<string, unknown>, row: Row, column: Column, shown: Presentation): void {
  const value = row[column.property] ?? null;
  if (value === null) return;
  const { organisation, table, preferences } = shown;
  const put = (name: string, text: string | null | undefined) => {
    if (text != null) result[`${column.property}@${name}`] = text;
  };
  if (preferences.includesAnnotation(formattedName)) {
    put(formattedName, formattedValue(organisation, table, column, row, value));
  }
  if (!isLookup(column)) return;
  const target = lookupTarget(column, row);
  if (preferences.includesAnnotation(navigationName)) put(navigationName, column.navigation?.[target ?? '']);
  if (preferences.includesAnnotation(targetName)) put(targetName, target);
}
