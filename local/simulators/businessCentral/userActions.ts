/** What tests do in place of a user of the Business Central client, without HTTP. */
import type { Environment } from './environment.ts';
import { everything, presentRow, sourceOf } from './http/present.ts';
import type { WriteContext } from './page/draft.ts';
import { createRecord, deleteRecord, type PropertyValues, updateRecord } from './page/writePage.ts';
import type { PageSource } from './query/pageSource.ts';
import { runAction } from './rules/actions.ts';
import { invoiceShipments, shipOrder } from './rules/partialPosting.ts';
import { cancelInvoice, payInvoice } from './rules/payments.ts';
import { moveStock } from './rules/stock.ts';
import { requireSet } from './schema/schema.ts';
import { recordNotFound } from './serviceError.ts';
import type { Company } from './store/company.ts';
import type { Row } from './store/row.ts';

/** A record as the page shows it. */
export type PageRecord = Readonly<Record<string, unknown>>;

/** A write that has its timestamp and is not committed yet. */
export interface ReservedWrite {
  /** Commits with the timestamp and row version of the reservation. Call once. */
  commit(): PageRecord;
}

/**
 * Works on one company. A client user may change what an API page only shows (unit prices, weights, ...);
 * all other rules hold and raise `ServiceError`.
 */
export interface UserActions {
  record(set: string, id: string): PageRecord | null;
  records(set: string): readonly PageRecord[];
  create(set: string, values: PropertyValues, user?: string): PageRecord;
  edit(set: string, id: string, changes: PropertyValues, user?: string): PageRecord;
  remove(set: string, id: string, user?: string): void;
  /** Carries out a bound action of the set, such as `release` of salesOrderExtras. Returns the record it leads to. */
  act(set: string, id: string, action: string, user?: string): PageRecord;
  /** Ships what is left of an order, or a part of it: quantities by line number. */
  ship(orderId: string, quantities?: Readonly<Record<number, number>>, user?: string): void;
  /** Posts one invoice for everything shipped and not invoiced of these orders, which stay; it names no order (D-79). */
  invoiceShipments(orderIds: readonly string[], user?: string): void;
  /** Applies a payment to the posted invoice of that number; a negative amount takes one back. */
  payInvoice(number: string, amount: number, user?: string): void;
  /** Posts the corrective credit memo of a posted invoice, which cancels it. */
  postCreditMemo(number: string, user?: string): void;
  /** Takes timestamp and row version now; with the `id` of a stored record it is an edit (section 3.3). */
  reserveWrite(set: string, values: PropertyValues, user?: string): ReservedWrite;
  /** Moves stock of an item in or out. */
  moveStock(itemNumber: string, quantity: number): void;
}

const defaultUser = 'user';

/** The actions of users in a company. */
export function createUserActions(environment: Environment, company: Company): UserActions {
  const { database } = environment;
  const source = (set: string): PageSource => sourceOf(environment, company, set, null);
  const show = (set: string, row: Row) => presentRow(environment, source(set), row, everything);
  const contextOf = (user: string): WriteContext => ({ database, company, user, asClientUser: true });
  const find = (set: string, id: string): Row => {
    const row = company.table(requireSet(set).table).get(id);
    if (!row) throw recordNotFound(set, id);
    return row;
  };
  const write = (set: string, values: PropertyValues, user: string): Row => {
    const known = company.table(requireSet(set).table).get(String(values['id'] ?? ''));
    if (!known) return createRecord(contextOf(user), requireSet(set), values);
    updateRecord(contextOf(user), requireSet(set), known, values);
    return known;
  };
  const invoiceOf = (number: string) => {
    const invoice = company.table('Sales Invoice').find('No.', number);
    const posted = company.table('Sales Invoice Header').find('No.', number);
    if (!invoice || !posted) throw recordNotFound('postedSalesInvoices', number);
    return { invoice, posted };
  };
  return {
    payInvoice: (number, amount, user = defaultUser) => {
      const { invoice, posted } = invoiceOf(number);
      database.transaction(() => payInvoice(contextOf(user), invoice, posted, amount));
    },
    postCreditMemo: (number, user = defaultUser) => {
      const { invoice, posted } = invoiceOf(number);
      database.transaction(() => cancelInvoice(contextOf(user), invoice, posted));
    },
    record: (set, id) => {
      const row = company.table(requireSet(set).table).get(id);
      return row ? show(set, row) : null;
    },
    records: (set) => {
      const from = source(set);
      const rows = from.table ? from.table.rows() : from.rows;
      return [...rows].map((row) => presentRow(environment, from, row, everything));
    },
    create: (set, values, user = defaultUser) =>
      show(
        set,
        database.transaction(() => createRecord(contextOf(user), requireSet(set), values)),
      ),
    edit: (set, id, changes, user = defaultUser) => {
      const row = find(set, id);
      database.transaction(() => updateRecord(contextOf(user), requireSet(set), row, changes));
      return show(set, row);
    },
    remove: (set, id, user = defaultUser) => {
      const row = find(set, id);
      database.transaction(() => deleteRecord(contextOf(user), requireSet(set), row));
    },
    act: (set, id, action, user = defaultUser) => {
      const row = find(set, id);
      const result = database.transaction(() => runAction(contextOf(user), requireSet(set), row, action));
      return show(result.set.entitySet, result.row);
    },
    ship: (orderId, quantities, user = defaultUser) => {
      const row = find('salesOrders', orderId);
      database.transaction(() => shipOrder(contextOf(user), row, quantities));
    },
    invoiceShipments: (orderIds, user = defaultUser) => {
      const rows = orderIds.map((id) => find('salesOrders', id));
      database.transaction(() => invoiceShipments(contextOf(user), rows));
    },
    moveStock: (number, quantity) => {
      const item = company.table('Item').find('No.', number);
      if (!item) throw recordNotFound('Item', number);
      database.transaction(() => moveStock(contextOf(defaultUser), item, quantity));
    },
    reserveWrite: (set, values, user = defaultUser) => {
      const stamp = database.reserveStamp();
      return {
        commit: () =>
          show(
            set,
            database.transaction(() => write(set, values, user), stamp),
          ),
      };
    },
  };
}
