/** Acting on the organisation from inside the process, as a user would through the API. For tests. */
import { seededGuid } from '../common/random.ts';
import { rowNotFound } from './errors.ts';
import { currentInstant, type Organisation } from './organisation.ts';
import type { Option } from './schema/optionCatalog.ts';
import type { Table } from './schema/schema.ts';
import type { ColumnValue, Row } from './store/row.ts';
import { actingUser } from './users.ts';
import { reservedContext, writeContext } from './write/context.ts';
import { createRow } from './write/createRow.ts';
import { deleteRow } from './write/deleteRow.ts';
import type { Body } from './write/parseBody.ts';
import { closeQuote, reviseQuote, winQuote, wonStatus } from './write/quoteStates.ts';
import { updateRow } from './write/updateRow.ts';

/** Web API read names to values, every column present. */
export type PlainRow = Readonly<Record<string, ColumnValue>>;

/** A write whose version and time are taken but which nobody sees yet. */
export interface ReservedWrite {
  readonly id: string;
  readonly versionnumber: number;
  /** Makes the write visible with the version and time reserved. Safe to call once only. */
  commit(): void;
}

/** Tables are named by logical name or entity set; values are what a request body holds; users are token texts. */
export interface UserActions {
  /** The row with null for empty columns; null when it does not exist. */
  row(table: string, id: string): PlainRow | null;
  /** All rows as stored: empty columns are absent. */
  rows(table: string): readonly Row[];
  create(table: string, values: Body, user: string): PlainRow;
  edit(table: string, id: string, changes: Body, user: string): PlainRow;
  remove(table: string, id: string, user: string): void;
  /** The actions of quotes; `status` is that of the closed quote. A revision is a new draft (D-13, D-17). */
  winQuote(id: string, user: string): void;
  closeQuote(id: string, status: number, user: string): void;
  reviseQuote(id: string, user: string): PlainRow;
  /** The options a choice column has now; empty when it is none. */
  options(table: string, column: string): readonly Option[];
  /** Whether the user is a member of the team. */
  isMember(teamId: string, userId: string): boolean;
  /** Takes version and time now, writes on commit: the in-flight hazard (dataverse-web-api section 7). */
  reserveWrite(table: string, values: Body, user: string): ReservedWrite;
}

/** The actions on an organisation. They raise DataverseError where the API would refuse. */
export function userActions(organisation: Organisation): UserActions {
  const { store } = organisation;
  const tableOf = (name: string) => tableCalled(organisation, name);
  const contextOf = (user: string) => writeContext(organisation, actingUser(organisation, user));
  return {
    row: (name, id) => {
      const table = tableOf(name);
      const row = store.get(table, id.toLowerCase());
      return row ? plain(table, row) : null;
    },
    rows: (name) => [...store.table(tableOf(name)).rows()],
    create: (name, values, user) => plain(tableOf(name), createRow(contextOf(user), tableOf(name), values)),
    edit: (name, id, changes, user) =>
      plain(tableOf(name), updateRow(contextOf(user), tableOf(name), id.toLowerCase(), changes)),
    remove: (name, id, user) => deleteRow(contextOf(user), tableOf(name), id.toLowerCase()),
    winQuote: (id, user) => winQuote(contextOf(user), id.toLowerCase(), wonStatus),
    closeQuote: (id, status, user) => closeQuote(contextOf(user), id.toLowerCase(), status),
    reviseQuote: (id, user) => plain(tableOf('quote'), reviseQuote(contextOf(user), id.toLowerCase())),
    options: (name, columnName) => {
      const table = tableOf(name);
      const column = table.byName.get(columnName);
      return column ? organisation.options.of(table, column) : [];
    },
    isMember: (teamId, userId) => store.members(teamId).has(userId),
    reserveWrite: (name, values, user) => reserve(organisation, tableOf(name), values, user),
  };
}

function tableCalled(organisation: Organisation, name: string): Table {
  const table = organisation.schema.byName.get(name) ?? organisation.schema.bySet.get(name);
  if (!table) throw rowNotFound('table', name);
  return table;
}

function plain(table: Table, row: Row): PlainRow {
  return Object.fromEntries(table.columns.map((column) => [column.property, row[column.property] ?? null]));
}

function reserve(organisation: Organisation, table: Table, values: Body, user: string): ReservedWrite {
  const { store } = organisation;
  const acting = actingUser(organisation, user);
  const version = store.reserveVersion();
  const instant = currentInstant(organisation);
  const given = values[table.primaryId];
  const id = typeof given === 'string' ? given.toLowerCase() : seededGuid(organisation.random);
  return {
    id,
    versionnumber: version,
    commit: () => {
      const context = reservedContext(organisation, acting, { version, instant });
      if (store.get(table, id)) updateRow(context, table, id, values);
      else createRow(context, table, values, { id });
      store.releaseVersion(version);
    },
  };
}
