/** Invoices that are in Sales already: later changes, paid ones, and ones made by others (D-123, D-136, D-137). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import {
  addInvoice,
  detailsOf,
  invoice,
  invoiceErrorCodes,
  invoiceJob,
  invoiceVersions,
  itemLine,
  startInvoiceWorld,
  synchroniseInvoices,
} from './invoiceWorld.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startInvoiceWorld();
});
afterEach(() => world.close());

describe('an invoice in Sales', () => {
  it('is written to no more once it is there (P4)', async () => {
    addInvoice(world, 'INV-1');
    await synchroniseInvoices(world);
    const before = invoiceVersions(world);
    await synchroniseInvoices(world);
    await world.run(invoiceJob);
    expect(invoiceVersions(world)).toEqual(before);
  });

  it('takes later changes, but neither loses the owner of its order nor a description that stands for none', async () => {
    world.businessCentral.create('shipmentMethods', { code: 'EXW', displayName: 'Ex warehouse' });
    const id = addInvoice(world, 'INV-1', [itemLine()], { shipmentMethodCode: 'EXW' });
    await synchroniseInvoices(world);
    world.businessCentral.edit('postedSalesInvoices', id, { dueDate: '2026-04-30' } as never);
    const [row] = await world.run(invoiceJob);
    expect(row?.counts).toMatchObject({ modified: 1 });
    expect(invoice(world, 'INV-1')).toMatchObject({
      duedate: '2026-04-30',
      description: 'Ex warehouse',
      name: 'INV-1',
    });
  });

  it('that is paid is left alone, silently (D-123, E-19)', async () => {
    const id = addInvoice(world, 'INV-1', [itemLine()], { remainingAmount: 0 });
    await synchroniseInvoices(world);
    const before = invoiceVersions(world);
    world.businessCentral.edit('postedSalesInvoices', id, { dueDate: '2026-04-30' } as never);
    const [row] = await world.run(invoiceJob);
    expect(row?.counts).toMatchObject({ modified: 0, unchanged: 0, skipped: 0, failed: 0 });
    expect(invoiceVersions(world)).toEqual(before);
  });

  it('of the same number and company is coupled instead of made again, and gets the lines it lacks (D-136)', async () => {
    addInvoice(world, 'INV-1', [itemLine(), itemLine({ number: '1001' })]);
    await synchroniseInvoices(world);
    const [row] = await couplingsOf(world, invoiceJob);
    const { businessCentralId, dataverseId } = row ?? ({} as never);
    await world.ports.couplings.save(invoiceJob as never, [
      { kind: 'remove', businessCentralId, dataverseId },
    ]);
    const [, second] = detailsOf(world, 'INV-1');
    world.dataverse.remove('invoicedetail', String(second?.['invoicedetailid']), 'alice');
    const [again] = await synchroniseInvoices(world);
    expect(again?.counts).toMatchObject({ inserted: 0, failed: 0 });
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(world.dataverse.rows('invoice')).toHaveLength(1);
    expect(detailsOf(world, 'INV-1')).toMatchObject([{ lineitemnumber: 10_000 }, { lineitemnumber: 20_000 }]);
    expect(invoice(world, 'INV-1')).toMatchObject({ totalamount: 50, statecode: 0, statuscode: 4 });
  });

  it('stays when the invoice is gone in Business Central; credit memos are not synchronised (D-137)', async () => {
    const id = addInvoice(world, 'INV-1');
    await synchroniseInvoices(world);
    world.businessCentral.remove('postedSalesInvoices', id);
    await synchroniseInvoices(world);
    expect(world.dataverse.rows('invoice')).toHaveLength(1);
  });
});
