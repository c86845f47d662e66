/** Stock movements of users, with the item ledger entry each leaves (ST-37). */
import { dateText } from '../page/computed.ts';
import type { WriteContext } from '../page/draft.ts';
import type { Row } from '../store/row.ts';

/** Writes the entry of a movement; the item itself is not touched, since its inventory is calculated. */
export function addItemLedgerEntry(context: WriteContext, item: Row, quantity: number): void {
  const { database, company, user } = context;
  const table = company.table('Item Ledger Entry');
  const values = {
    'Entry No.': table.size + 1,
    'Item No.': item.values['No.'] ?? '',
    'Posting Date': dateText(database.clock.now()),
    Quantity: quantity,
  };
  database.insert(company, table, database.newGuid(), values, user);
}

/** Moves stock in or out; it may fall below zero. */
export function moveStock(context: WriteContext, item: Row, quantity: number): void {
  const table = context.company.table('Item');
  const inventory = Number(item.values['Inventory'] ?? 0) + quantity;
  context.database.updateSilently(table, item, { Inventory: inventory });
  addItemLedgerEntry(context, item, quantity);
}
