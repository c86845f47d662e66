/** One company: its tables and number series. */
import type { Value } from '../schema/entityModel.ts';
import { entitySets, type Property, setsOfTable } from '../schema/schema.ts';
import { NumberSeries } from './numberSeries.ts';
import type { RowValues } from './row.ts';
import { Table } from './table.ts';

/** Platform data of a company, as `companies` shows it. */
export interface CompanyInfo {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly systemVersion: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

const blanksByTable = new Map<string, ReadonlyMap<string, Value>>();

/** Blank values of columns no page shows. */
const hiddenBlanks: RowValues = { 'Location Code': '', Status: 'Open' };

function blanksOf(table: string): ReadonlyMap<string, Value> {
  let blanks = blanksByTable.get(table);
  if (!blanks) {
    const properties = setsOfTable(table).flatMap((set): readonly Property[] => set.properties);
    blanks = new Map(properties.map((property) => [property.column, property.blank]));
    blanksByTable.set(table, blanks);
  }
  return blanks;
}

/** A company of the environment. */
export class Company {
  readonly info: CompanyInfo;
  readonly numbers = new NumberSeries();
  readonly #tables = new Map<string, Table>();

  constructor(info: CompanyInfo) {
    this.info = info;
    for (const set of entitySets) this.table(set.table);
  }

  /** The table of that name; every table of the schema exists. */
  table(name: string): Table {
    let table = this.#tables.get(name);
    if (!table) {
      const blanks = blanksOf(name);
      table = new Table(name, (column) => blanks.get(column) ?? hiddenBlanks[column] ?? '');
      this.#tables.set(name, table);
    }
    return table;
  }

  tables(): readonly Table[] {
    return [...this.#tables.values()];
  }

  /** The local currency code of General Ledger Setup (section 3.5). */
  localCurrencyCode(): string {
    for (const row of this.table('General Ledger Setup').rows()) {
      return String(row.values['LCY Code'] ?? '');
    }
    return '';
  }

  /** The SystemId of the row whose key column has this value; null when there is none. */
  idOf(table: string, keyColumn: string, key: Value): string | null {
    return key === '' ? null : (this.table(table).find(keyColumn, key)?.id ?? null);
  }
}
