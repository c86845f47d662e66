/** The database of the environment: companies, row versions, transactions with rollback, change events. */
import type { SimulatorClock } from '../../common/clock.ts';
import { seededGuid, seededRandom } from '../../common/random.ts';
import type { Company } from './company.ts';
import type { Row, RowStamps, RowValues } from './row.ts';
import type { Table } from './table.ts';

/** A committed change of a row, as webhooks see it. */
export interface RowChange {
  readonly company: Company;
  readonly table: string;
  readonly id: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly atMs: number;
}

/** Stamps fixed earlier than the commit, for a transaction that commits late (section 3.3). */
export interface ReservedStamp {
  readonly atMs: number;
  readonly rowVersion: number;
}

export interface DatabaseOptions {
  readonly clock: SimulatorClock;
  readonly seed: number;
  /** Stamps are cut down to multiples of this, so that many rows share one; 0 is off. */
  readonly tieWidthMs: number;
}

/** All companies of the environment behind one row version counter. */
export class Database {
  readonly clock: SimulatorClock;
  readonly companies = new Map<string, Company>();
  readonly #tieWidthMs: number;
  #random: () => number;
  #seed: number;
  #rowVersion = 100_000;
  #undo: (() => void)[] = [];
  #changes: RowChange[] = [];
  #depth = 0;
  #reserved: ReservedStamp | null = null;
  readonly #listeners: ((changes: readonly RowChange[]) => void)[] = [];

  constructor(options: DatabaseOptions) {
    this.clock = options.clock;
    this.#tieWidthMs = options.tieWidthMs;
    this.#seed = options.seed;
    this.#random = seededRandom(options.seed);
  }

  get rowVersion(): number {
    return this.#rowVersion;
  }

  /** Continues a saved database: ids drawn from here on differ from those drawn before. */
  continueFrom(rowVersion: number): void {
    this.#rowVersion = rowVersion;
    this.#random = seededRandom(this.#seed + rowVersion);
  }

  newGuid(): string {
    return seededGuid(this.#random);
  }

  random(): number {
    return this.#random();
  }

  onCommit(listener: (changes: readonly RowChange[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes a stamp now for a later commit. */
  reserveStamp(): ReservedStamp {
    this.#rowVersion += 1;
    return { atMs: this.#nowMs(), rowVersion: this.#rowVersion };
  }

  /**
   * Runs the work as one transaction: an error undoes everything and is thrown on. Nested calls join the
   * outer transaction, but undo their own part when they fail.
   */
  transaction<T>(work: () => T, reserved: ReservedStamp | null = null): T {
    const [undoMark, changeMark, outerReserved] = [this.#undo.length, this.#changes.length, this.#reserved];
    if (reserved) this.#reserved = reserved;
    this.#depth += 1;
    let result: T;
    try {
      result = work();
    } catch (error) {
      while (this.#undo.length > undoMark) this.#undo.pop()?.();
      this.#changes.length = changeMark;
      this.#depth -= 1;
      this.#reserved = outerReserved;
      throw error;
    }
    this.#depth -= 1;
    this.#reserved = outerReserved;
    if (this.#depth === 0) this.#publish();
    return result;
  }

  /** Inserts a row, stamped now. */
  insert(company: Company, table: Table, id: string, values: RowValues, user: string): Row {
    const row = { id, values, stamps: this.#newStamps(user, null) };
    table.insert(row);
    this.#remember(() => table.remove(row));
    this.#changed(company, table, id, 'created');
    return row;
  }

  /** Writes changed values with new stamps. */
  update(company: Company, table: Table, row: Row, changes: RowValues, user: string): void {
    this.#replace(table, row, { ...row.values, ...changes }, this.#newStamps(user, row.stamps));
    this.#changed(company, table, row.id, 'updated');
  }

  /** Writes values that are no part of the row itself (FlowFields): no stamp, no etag, no event (section 3.3). */
  updateSilently(table: Table, row: Row, changes: RowValues): void {
    this.#replace(table, row, { ...row.values, ...changes }, row.stamps);
  }

  delete(company: Company, table: Table, row: Row): void {
    table.remove(row);
    this.#remember(() => table.insert(row));
    this.#changed(company, table, row.id, 'deleted');
  }

  /** Puts a stored row into a table as it is, outside of any transaction; a missing row version is given. */
  load(
    table: Table,
    id: string,
    values: RowValues,
    stamps: Omit<RowStamps, 'rowVersion'> & { rowVersion?: number },
  ): Row {
    this.#rowVersion = Math.max(this.#rowVersion + 1, stamps.rowVersion ?? 0);
    const row = { id, values, stamps: { ...stamps, rowVersion: stamps.rowVersion ?? this.#rowVersion } };
    table.insert(row);
    return row;
  }

  #remember(undo: () => void): void {
    if (this.#depth > 0) this.#undo.push(undo);
  }

  #replace(table: Table, row: Row, values: RowValues, stamps: RowStamps): void {
    const before = { values: row.values, stamps: row.stamps };
    table.replace(row, values, stamps);
    this.#remember(() => table.replace(row, before.values, before.stamps));
  }

  #nowMs(): number {
    const nowMs = Math.floor(this.clock.now());
    return this.#tieWidthMs > 0 ? nowMs - (nowMs % this.#tieWidthMs) : nowMs;
  }

  #newStamps(user: string, before: RowStamps | null): RowStamps {
    const atMs = this.#reserved?.atMs ?? this.#nowMs();
    if (!this.#reserved) this.#rowVersion += 1;
    return {
      createdAtMs: before?.createdAtMs ?? atMs,
      createdBy: before?.createdBy ?? user,
      modifiedAtMs: atMs,
      modifiedBy: user,
      rowVersion: this.#reserved?.rowVersion ?? this.#rowVersion,
    };
  }

  #changed(company: Company, table: Table, id: string, kind: RowChange['kind']): void {
    if (this.#depth > 0) this.#changes.push({ company, table: table.name, id, kind, atMs: this.clock.now() });
  }

  #publish(): void {
    const changes = this.#changes;
    this.#changes = [];
    this.#undo = [];
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
  }
}
