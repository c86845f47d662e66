/** Posted invoices that cannot be made in Sales: what is wrong, and how they follow later (D-122, D-124, E-108, E-109). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addCustomer,
  addInvoice,
  detailsOf,
  invoiceErrorCodes,
  invoiceJob,
  itemLine,
  startInvoiceWorld,
  synchroniseInvoices,
} from './invoiceWorld.ts';
import { addItem, product } from './productWorld.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startInvoiceWorld();
});
afterEach(() => world.close());

describe('an invoice that cannot be made', () => {
  it.each(['Item', 'Resource'])(
    'because an %s on it is blocked leaves nothing behind and is made once it is not (D-122, E-108)',
    async (type) => {
      const [set, number] = type === 'Item' ? ['items', '1001'] : ['resources', 'LINA'];
      const id = String(
        world.businessCentral.records(set ?? '').find((record) => record['number'] === number)?.['id'],
      );
      world.businessCentral.edit(set ?? '', id, { blocked: true });
      addInvoice(world, 'INV-1', [itemLine(), itemLine({ type, number })]);
      const [row] = await synchroniseInvoices(world);
      expect(row?.counts).toMatchObject({ inserted: 0, failed: 1 });
      expect(await invoiceErrorCodes(world)).toEqual(['invoice-item-blocked']);
      expect([...world.dataverse.rows('invoice'), ...world.dataverse.rows('invoicedetail')]).toEqual([]);
      world.businessCentral.edit(set ?? '', id, { blocked: false });
      await world.run(invoiceJob);
      expect(await invoiceErrorCodes(world)).toEqual([]);
      expect(detailsOf(world, 'INV-1')).toHaveLength(2);
    },
  );

  it('because an item is not coupled waits for it, and follows by itself (D-122, E-108)', async () => {
    addItem(world, 'NEW');
    addInvoice(world, 'INV-1', [itemLine({ number: 'NEW' })]);
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual(['product-not-synchronisable']);
    await world.run('ITEM-PRODUCT', 'fullSync');
    await world.run(invoiceJob);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(detailsOf(world, 'INV-1')).toMatchObject([
      { _productid_value: product(world, 'NEW')?.['productid'] },
    ]);
  });

  it('because its lines cannot be read yet is taken by a later run, however often (D-122, E-108)', async () => {
    addInvoice(world, 'INV-1', []);
    for (let run = 0; run < 3; run += 1) await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual(['invoice-not-committed']);
    world.businessCentral.create('postedSalesInvoiceLines', {
      documentNumber: 'INV-1',
      lineNumber: 10_000,
      ...itemLine(),
    } as never);
    await world.run(invoiceJob);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(detailsOf(world, 'INV-1')).toHaveLength(1);
  });

  it('because its customer has no account is an error that cures itself (D-124, E-109)', async () => {
    addCustomer(world, '20000');
    addInvoice(world, 'INV-1', [itemLine()], { sellToCustomerNumber: '20000' });
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual(['invoice-customer-changed']);
    await world.run('CUSTOMER', 'fullSync');
    await world.run(invoiceJob);
    expect(await invoiceErrorCodes(world)).toEqual([]);
  });

  it('because Sales refuses one of its lines is not there without it, and holds up no other (D-122, P11)', async () => {
    addInvoice(world, 'BAD', [itemLine(), itemLine({ quantity: 2e11 })]);
    addInvoice(world, 'GOOD');
    const [row] = await synchroniseInvoices(world);
    expect(row?.counts).toMatchObject({ inserted: 1, failed: 1 });
    expect(await invoiceErrorCodes(world)).toEqual(['insert-failed']);
    expect(world.dataverse.rows('invoice')).toMatchObject([{ invoicenumber: 'GOOD' }]);
    expect(world.dataverse.rows('invoicedetail')).toHaveLength(1);
  });
});
