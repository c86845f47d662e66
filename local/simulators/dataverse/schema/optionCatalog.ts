/** The choices of option columns. They can grow while the simulator runs, so they are state, not schema. */
import type { Column, Schema, Table } from './schema.ts';

/** One choice of an option column. */
export interface Option {
  readonly value: number;
  readonly label: string;
  /** Only on status columns: the state the status belongs to. */
  readonly state?: number;
}

/** New values start at the solution publisher's prefix times 10,000 (dataverse-web-api section 18). */
const firstCustomValue = 100_000_000;

/** Options per choice: `table.column` for local ones, the set name for shared ones. */
export class OptionCatalog {
  readonly #options = new Map<string, readonly Option[]>();

  constructor(schema: Schema) {
    for (const [name, options] of Object.entries(schema.globalOptionSets)) this.#options.set(name, options);
    for (const table of schema.tables) {
      for (const column of table.columns) {
        const options = initialOptions(table, column);
        if (options) this.#options.set(catalogKey(table, column), options);
      }
    }
  }

  /** The options of a column; empty when it is no choice. */
  of(table: Table, column: Column): readonly Option[] {
    return this.#options.get(catalogKey(table, column)) ?? [];
  }

  byKey(key: string): readonly Option[] | undefined {
    return this.#options.get(key);
  }

  /** Adds an option and returns its value; null when the value is taken. */
  insert(key: string, label: string, value: number | undefined): number | null {
    const options = this.#options.get(key) ?? [];
    const highest = Math.max(firstCustomValue - 1, ...options.map((option) => option.value));
    const chosen = value ?? highest + 1;
    if (options.some((option) => option.value === chosen)) return null;
    this.#options.set(key, [...options, { value: chosen, label }]);
    return chosen;
  }

  /** Changes a label; false when there is no such value. */
  rename(key: string, value: number, label: string): boolean {
    const options = this.#options.get(key) ?? [];
    if (!options.some((option) => option.value === value)) return false;
    this.#options.set(
      key,
      options.map((option) => (option.value === value ? { ...option, label } : option)),
    );
    return true;
  }

  /** Takes an option away; false when there is no such value. */
  remove(key: string, value: number): boolean {
    const options = this.#options.get(key) ?? [];
    this.#options.set(
      key,
      options.filter((option) => option.value !== value),
    );
    return options.some((option) => option.value === value);
  }

  /** Everything as plain JSON, for a snapshot. */
  toJson(): Record<string, readonly Option[]> {
    return Object.fromEntries(this.#options);
  }

  /** Takes over what {@link toJson} gave. */
  restore(json: Readonly<Record<string, readonly Option[]>>): void {
    for (const [key, options] of Object.entries(json)) this.#options.set(key, options);
  }
}

/** The catalog key of a column. */
export function catalogKey(table: Table, column: Column): string {
  return column.globalOptionSet ?? `${table.logicalName}.${column.name}`;
}

function initialOptions(table: Table, column: Column): readonly Option[] | null {
  if (column.globalOptionSet) return null;
  switch (column.type) {
    case 'State':
      return table.states.map(({ value, label }) => ({ value, label }));
    case 'Status':
      return table.statuses;
    case 'Picklist':
      return column.options;
    default:
      return null;
  }
}
