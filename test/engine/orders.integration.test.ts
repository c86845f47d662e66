/** Submitted Sales orders become orders in Business Central by the job AUTO CREATE SALES ORDERS (documents.md section 4). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import {
  createOrdersOf,
  goodsLine,
  type OrdersWorld,
  orderLines,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
  writeInLine,
} from './ordersWorld.ts';

let world: OrdersWorld;
beforeEach(async () => {
  world = await startOrdersWorld();
});
afterEach(() => world.close());

describe('a submitted order', () => {
  it('becomes one order with its lines, stamped, submitted and coupled (D-36, D-40, D-41, D-157)', async () => {
    const id = submitOrder(world, 'First', [goodsLine(world), writeInLine()], { freightamount: 45 });
    const [row] = await createOrdersOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(row).toMatchObject({ counts: { inserted: 1, failed: 0 }, direction: 'toBusinessCentral' });
    expect(ordersNamed(world)).toMatchObject([
      { externalDocumentNumber: 'FIRST', customerNumber: world.customerNumber, status: 'Draft' },
    ]);
    expect(orderLines(world)).toMatchObject([
      { sequence: 10000, lineType: 'Item', lineObjectNumber: 'CHAIR', quantity: 2, unitPrice: 80 },
      { sequence: 20000, lineObjectNumber: 'WORK', description: 'Assembly', quantity: 1, unitPrice: 120 },
      { sequence: 30000, lineType: 'Account', lineObjectNumber: '6110', quantity: 1, unitPrice: 45 },
    ]);
    const sales = world.dataverse.row('salesorder', id);
    expect(sales).toMatchObject({ statecode: 1, statuscode: 3, lastbackofficesubmit: '2026-03-10' });
    expect(await couplingsOf(world, 'SALESORDER-ORDER')).toMatchObject([
      { dataverseId: id, state: 'synchronized' },
    ]);
  });
});
