/** Number series: the next free number of a table. */

/** How the numbers of a table look. */
export interface NumberPattern {
  readonly prefix: string;
  readonly digits: number;
  /** The number before the first one. */
  readonly start: number;
  readonly step: number;
}

/** The series of a company; start values lie behind the numbers of the demo company. */
export const numberPatterns: Readonly<Record<string, NumberPattern>> = {
  Customer: { prefix: 'C', digits: 5, start: 0, step: 10 },
  Vendor: { prefix: 'V', digits: 5, start: 0, step: 10 },
  Contact: { prefix: 'CT', digits: 6, start: 0, step: 1 },
  Item: { prefix: '', digits: 5, start: 80_000, step: 1 },
  Resource: { prefix: 'R', digits: 4, start: 0, step: 10 },
  Opportunity: { prefix: 'OP', digits: 6, start: 100_000, step: 1 },
  'Sales Order': { prefix: '', digits: 6, start: 101_000, step: 1 },
  'Sales Quote': { prefix: '', digits: 4, start: 1_000, step: 1 },
  'Sales Invoice': { prefix: '', digits: 6, start: 102_000, step: 1 },
  'Sales Invoice Header': { prefix: '', digits: 6, start: 103_000, step: 1 },
  'Sales Shipment Header': { prefix: '', digits: 6, start: 104_000, step: 1 },
};

/** Numbers handed out per table; gaps are allowed, as in the service. */
export class NumberSeries {
  readonly #last = new Map<string, number>();

  /** The next number of the table for which `isTaken` is false. */
  next(table: string, isTaken: (number: string) => boolean): string {
    const pattern = numberPatterns[table];
    if (!pattern) throw new Error(`There is no number series for ${table}.`);
    let last = this.#last.get(table) ?? pattern.start;
    let number: string;
    do {
      last += pattern.step;
      number = pattern.prefix + String(last).padStart(pattern.digits, '0');
    } while (isTaken(number));
    this.#last.set(table, last);
    return number;
  }

  /** Moves the series behind a number that is in use, when the number has its form. */
  use(table: string, number: string): void {
    const pattern = numberPatterns[table];
    if (!pattern || !number.startsWith(pattern.prefix)) return;
    const digits = number.slice(pattern.prefix.length);
    if (digits.length !== pattern.digits || !/^\d+$/.test(digits)) return;
    if (table === 'Item' || (table === 'Sales Invoice' && Number(digits) >= 103_000)) return;
    this.#last.set(table, Math.max(this.#last.get(table) ?? pattern.start, Number(digits)));
  }

  state(): Record<string, number> {
    return Object.fromEntries(this.#last);
  }

  restore(state: Readonly<Record<string, number>>): void {
    for (const [table, last] of Object.entries(state)) this.#last.set(table, last);
  }
}
