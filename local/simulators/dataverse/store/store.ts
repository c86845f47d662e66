/** All tables of the organisation, one version counter for them all, and transactions that can be undone. */
import { type Schema, type Table, tableNamed } from '../schema/schema.ts';
import type { Row } from './row.ts';
import { TableStore } from './tableStore.ts';

/** Members of teams: `team id -> user ids`. */
type Memberships = Map<string, Set<string>>;

/**
 * The database of the simulator.
 *
 * One counter gives every write of any table its version (dataverse-web-api section 7). A reserved number that is
 * not committed yet holds back the version a change token may reach.
 */
export class Store {
  readonly schema: Schema;
  readonly #tables = new Map<string, TableStore>();
  readonly #memberships: Memberships = new Map();
  readonly #reserved = new Set<number>();
  #undo: (() => void)[] | null = null;
  #version: number;

  constructor(schema: Schema, firstVersion = 1_000_000) {
    this.schema = schema;
    this.#version = firstVersion;
    for (const table of schema.tables) this.#tables.set(table.logicalName, new TableStore());
  }

  /** The last number given out. */
  get version(): number {
    return this.#version;
  }

  set version(version: number) {
    this.#version = Math.max(this.#version, version);
  }

  /** The highest version below which nothing is still in flight; change tokens carry this one. */
  get safeVersion(): number {
    return this.#reserved.size === 0 ? this.#version : Math.min(...this.#reserved) - 1;
  }

  table(table: Table | string): TableStore {
    const logicalName = typeof table === 'string' ? table : table.logicalName;
    const store = this.#tables.get(logicalName);
    if (!store) throw new Error(`The schema has no table '${logicalName}'.`);
    return store;
  }

  get(table: Table | string, id: string | null | undefined): Row | undefined {
    return id ? this.table(table).get(id) : undefined;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  /** Takes a number for a write that commits later (dataverse-web-api section 7, the in-flight hazard). */
  reserveVersion(): number {
    const version = this.nextVersion();
    this.#reserved.add(version);
    return version;
  }

  releaseVersion(version: number): void {
    this.#reserved.delete(version);
  }

  put(table: Table, row: Row): void {
    const id = String(row[table.primaryId]);
    const rows = this.table(table);
    const before = rows.get(id);
    const tombstone = rows.tombstone(id);
    rows.put(id, row);
    this.#undo?.push(() => {
      if (before) rows.put(id, before);
      else rows.remove(id, null);
      rows.setTombstone(id, tombstone);
    });
  }

  remove(table: Table, id: string): void {
    const rows = this.table(table);
    const before = rows.get(id);
    if (!before) return;
    rows.remove(id, this.nextVersion());
    this.#undo?.push(() => rows.put(id, before));
  }

  /** Runs the work; when it throws, every row is as it was before. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.#undo) return work();
    this.#undo = [];
    try {
      return work();
    } catch (error) {
      const steps = this.#undo;
      this.#undo = null;
      for (const step of steps.reverse()) step();
      throw error;
    } finally {
      this.#undo = null;
    }
  }

  members(teamId: string): ReadonlySet<string> {
    return this.#memberships.get(teamId) ?? new Set();
  }

  teamsOf(userId: string): readonly string[] {
    return [...this.#memberships].flatMap(([teamId, users]) => (users.has(userId) ? [teamId] : []));
  }

  setMember(teamId: string, userId: string, member: boolean): void {
    const users = this.#memberships.get(teamId) ?? new Set<string>();
    const before = users.has(userId);
    if (member) users.add(userId);
    else users.delete(userId);
    this.#memberships.set(teamId, users);
    this.#undo?.push(() => (before ? users.add(userId) : users.delete(userId)));
  }

  /** The one organization row. */
  organization(): Row {
    for (const row of this.table('organization').rows()) return row;
    throw new Error('The organisation has no organization row.');
  }

  tableOf(logicalName: string): Table {
    return tableNamed(this.schema, logicalName);
  }
}
