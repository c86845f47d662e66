/** Submitted Sales orders become orders in Business Central by the job AUTO CREATE SALES ORDERS (documents.md section 4). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOrder, orderAnswer } from '../../shared/app/documents/orders/checkOrder.ts';
import type { ActionTask } from '../../shared/domain/actions/actionRun.ts';
import type { DataverseId } from '../../shared/domain/common/ids.ts';
import { act, couplingsOf, planOf } from './acting.ts';
import { intercept } from './intercept.ts';
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

describe('amounts', () => {
  it('carry the discount of the order, and prices without their tax (D-30, D-55, D-63)', async () => {
    const item = world.businessCentral.records('items').find(({ number }) => number === 'CHAIR');
    world.businessCentral.edit('items', String(item?.['id']), { priceIncludesTax: true });
    submitOrder(world, 'Taxed', [goodsLine(world, { priceperunit: 100 })], { discountamount: 20 });
    await createOrdersOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(orderLines(world)).toMatchObject([{ unitPrice: 80, taxPercent: 25 }]);
    expect(ordersNamed(world)).toMatchObject([{ discountAmount: 20 }]);
  });
});

describe('values that only the companion app takes', () => {
  it('are written where it is there (D-35, D-42, D-158)', async () => {
    submitOrder(world, 'Full', [goodsLine(world)], { ordernumber: 'ORD-7', description: 'Handle with care' });
    await createOrdersOf(world);
    expect(world.businessCentral.records('salesOrderExtras')).toMatchObject([
      { yourReference: 'ORD-7', workDescription: 'Handle with care' },
    ]);
  });

  it('include a bill-to address of the order, which is taken as a whole (D-32, D-42)', async () => {
    submitOrder(world, 'Billed', [goodsLine(world)], { billto_line1: '1 Bank Street', billto_city: 'Leeds' });
    await createOrdersOf(world);
    expect(ordersNamed(world, 'Billed')).toMatchObject([
      { billToAddressLine1: '1 Bank Street', billToCity: 'Leeds', billToPostCode: '' },
    ]);
    expect(await world.openErrors()).toEqual([]);
  });

  it('are left out where it is not there, and the order is made all the same (D-35, D-157)', async () => {
    const plain = await startOrdersWorld({ companionApp: false });
    try {
      submitOrder(plain, 'Plain', [goodsLine(plain)], { description: 'Handle with care' });
      const [row] = await createOrdersOf(plain);
      expect(row).toMatchObject({ counts: { inserted: 1, failed: 0 } });
      expect(ordersNamed(plain)).toHaveLength(1);
    } finally {
      await plain.close();
    }
  });
});

describe('an order that cannot be made', () => {
  it('is told once with its number and name, holds up no other, and closes its error when it succeeds (D-37, D-71, P11)', async () => {
    const plain = { 'productid@odata.bind': `/products(${world.service})` };
    const bad = submitOrder(world, 'Bad', [goodsLine(world, plain)]);
    submitOrder(world, 'Good', [goodsLine(world)]);
    const [coupling] = await couplingsOf(world, 'RESOURCE-PRODUCT');
    if (!coupling) throw new Error('the resource is coupled');
    const { businessCentralId, dataverseId, mapping } = coupling;
    await world.ports.couplings.save(mapping, [{ kind: 'remove', businessCentralId, dataverseId }]);
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { inserted: 1, failed: 1 } }]);
    const [error, ...others] = await world.openErrors('SALESORDER-ORDER');
    expect(others).toEqual([]);
    expect(error).toMatchObject({ code: 'ORDER_RESOURCE_NOT_COUPLED', dataverseId: bad, kind: 'dependency' });
    expect(error?.name).toMatch(/^ORD-\S+ Bad$/);
    expect(error?.suggestion).not.toBe('');
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { inserted: 0, failed: 0, skipped: 1 } }]);
    expect(await world.openErrors('SALESORDER-ORDER')).toEqual([error]);
    await world.ports.couplings.save(mapping, [{ kind: 'create', coupling }]);
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { inserted: 1, failed: 0 } }]);
    expect(await world.openErrors()).toEqual([]);
    expect(ordersNamed(world)).toHaveLength(2);
    expect(await world.ports.retries.list('SALESORDER-ORDER' as never)).toEqual([]);
  });

  it('because Business Central refuses it waits until it changes or a user retries it (D-71, D-163)', async () => {
    const id = submitOrder(world, 'Nowhere', [goodsLine(world)], { shipto_country: 'Atlantis' });
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { failed: 1 } }]);
    expect(await world.openErrors()).toMatchObject([{ code: 'insert-failed', dataverseId: id }]);
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { failed: 0, skipped: 1 } }]);
    await act(world, 'SALESORDER-ORDER', {
      kind: 'retry',
      records: [{ businessCentralId: null, dataverseId: id }],
      wake: false,
    });
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { failed: 1 } }]);
    expect(await world.openErrors()).toHaveLength(1);
    const edit = (changes: object) => world.dataverse.edit('salesorder', id, changes as never, 'alice');
    await world.advanceMinutes(1);
    edit({ statecode: 0, statuscode: 2 });
    edit({ shipto_country: 'NO' });
    edit({ statecode: 1, statuscode: 3 });
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { inserted: 1 } }]);
    expect(await world.openErrors()).toEqual([]);
  });

  it('needs no error any more when it was reopened (D-71)', async () => {
    const id = submitOrder(world, 'Nowhere', [goodsLine(world)], { shipto_country: 'Atlantis' });
    await createOrdersOf(world);
    world.dataverse.edit('salesorder', id, { statecode: 0, statuscode: 2 }, 'alice');
    await createOrdersOf(world);
    expect(await world.openErrors()).toEqual([]);
  });
});

describe('an order whose create had no answer', () => {
  type Create = (typeof world.ports.businessCentral)['create'];
  const losing = (wasMade: boolean) => {
    const unknown = { status: 'unknown', message: 'The connection broke.' } as const;
    return intercept(world.ports.businessCentral, {
      create: ((original: Create) =>
        async (...input: Parameters<Create>) => {
          if (wasMade) await original(...input);
          return input[1].map(() => unknown);
        }) as never,
    });
  };

  it.each([true, false])(
    'is made exactly once, whether it was made (%s) or not (D-69, P2)',
    async (wasMade) => {
      submitOrder(world, 'Lost', [goodsLine(world)]);
      submitOrder(world, 'Lost', [goodsLine(world, { quantity: 7 })]);
      const ports = { ...world.ports, businessCentral: losing(wasMade) };
      expect(await createOrdersOf(world, ports)).toMatchObject([{ counts: { inserted: 0, failed: 2 } }]);
      expect(ordersNamed(world)).toHaveLength(wasMade ? 1 : 0);
      await createOrdersOf(world);
      await createOrdersOf(world);
      expect(ordersNamed(world)).toHaveLength(2);
      expect(await couplingsOf(world, 'SALESORDER-ORDER')).toHaveLength(2);
      const quantities = world.businessCentral.records('salesOrderLines').map(({ quantity }) => quantity);
      expect(quantities.toSorted()).toEqual([2, 7]);
      expect(await world.openErrors()).toEqual([]);
    },
  );

  it('is parked when two orders could be it (D-69)', async () => {
    submitOrder(world, 'Lost', [goodsLine(world)]);
    await createOrdersOf(world, { ...world.ports, businessCentral: losing(true) });
    const { customerNumber } = world;
    world.businessCentral.create('salesOrders', { customerNumber, externalDocumentNumber: 'LOST' });
    await createOrdersOf(world);
    expect(ordersNamed(world)).toHaveLength(2);
    expect(await world.openErrors()).toMatchObject([{ code: 'ORDER_AMBIGUOUS_RECOVERY' }]);
  });

  it('and that was released before its lines were complete is parked (D-70)', async () => {
    submitOrder(world, 'Lost', [goodsLine(world)]);
    await createOrdersOf(world, { ...world.ports, businessCentral: losing(true) });
    const [line] = orderLines(world);
    world.businessCentral.remove('salesOrderLines', String(line?.['id']));
    const [order] = ordersNamed(world);
    world.businessCentral.edit('salesOrderExtras', String(order?.['id']), { status: 'Released' });
    await createOrdersOf(world);
    expect(await world.openErrors()).toMatchObject([{ code: 'ORDER_HALF_CREATED_LOCKED' }]);
    world.businessCentral.edit('salesOrderExtras', String(order?.['id']), { status: 'Open' });
    await createOrdersOf(world);
    expect(orderLines(world)).toMatchObject([{ sequence: 10000, quantity: 2 }]);
    expect(await world.openErrors()).toEqual([]);
  });
});

describe('many orders', () => {
  it('cost no more requests than few: they are read and written in bulk (D-36, P10)', async () => {
    const requests = async (count: number) => {
      for (let index = 0; index < count; index += 1)
        submitOrder(world, `Order ${count}-${index}`, [goodsLine(world), writeInLine()], {
          discountamount: 1,
        });
      const [row] = await createOrdersOf(world);
      expect(row).toMatchObject({ counts: { inserted: count, failed: 0 } });
      return row?.requests;
    };
    await requests(1);
    const few = await requests(2);
    expect(await requests(40)).toEqual(few);
    expect(few?.businessCentral).toBeLessThanOrEqual(16);
    expect(few?.dataverse).toBeLessThanOrEqual(12);
  });
});

describe('an order of several companies in one organisation', () => {
  it('is claimed before it is created, and one of another company is left alone (D-148, D-149)', async () => {
    const other = { bcbi_externalid: '00000000-0000-4000-8000-00000000c002', bcbi_name: 'Other' };
    const company = world.dataverse.create('bcbi_company', other, 'alice')['bcbi_companyid'];
    submitOrder(world, 'Theirs', [goodsLine(world)], {
      'bcbi_CompanyId@odata.bind': `/bcbi_companies(${company})`,
    });
    const ours = submitOrder(world, 'Nobody', [goodsLine(world)]);
    await createOrdersOf(world);
    expect(ordersNamed(world)).toMatchObject([{ externalDocumentNumber: 'NOBODY' }]);
    expect(world.dataverse.row('salesorder', ours)).toMatchObject({
      statecode: 1,
      lastbackofficesubmit: '2026-03-10',
    });
    expect(world.dataverse.row('salesorder', ours)?.['_bcbi_companyid_value']).not.toBeNull();
  });
});

describe('an order on demand', () => {
  const create = (id: DataverseId) => ({ kind: 'createOrders', dataverseIds: [id] }) as const;

  it('is made whatever the direction of the mapping, and never twice (D-38, D-65, D-156)', async () => {
    const id = submitOrder(world, 'Asked for', [goodsLine(world)]);
    expect(await checkOrder(world.ports, world.mappings, id)).toBeNull();
    expect(await actOn(world, create(id))).toMatchObject([{ counts: { inserted: 1 } }]);
    expect(await orderAnswer(world.ports, id)).toMatchObject({ code: 'created' });
    expect(await checkOrder(world.ports, world.mappings, id)).toMatchObject({ code: 'alreadyCoupled' });
    expect(await actOn(world, create(id))).toMatchObject([{ counts: { inserted: 0, unchanged: 1 } }]);
    expect(ordersNamed(world)).toHaveLength(1);
  });

  it('tells its invoice once it was posted (D-65)', async () => {
    const id = submitOrder(world, 'Asked for', [goodsLine(world)]);
    await actOn(world, create(id));
    const [order] = ordersNamed(world);
    await post(`salesOrders(${order?.['id']})/Microsoft.NAV.shipAndInvoice`);
    expect(await checkOrder(world.ports, world.mappings, id)).toMatchObject({ code: 'alreadyInvoiced' });
  });

  it('must be submitted (D-39)', async () => {
    const id = submitOrder(world, 'Draft', [goodsLine(world)]);
    world.dataverse.edit('salesorder', id, { statecode: 0, statuscode: 2 }, 'alice');
    expect(await actOn(world, create(id))).toMatchObject([{ counts: { failed: 1 } }]);
    expect(await orderAnswer(world.ports, id)).toMatchObject({
      status: 'failed',
      code: 'ORDER_NOT_SUBMITTED',
    });
  });

  it('is shown by a dry run, which writes nothing (contract section 3)', async () => {
    const id = submitOrder(world, 'Planned', [goodsLine(world)]);
    const before = world.dataverse.row('salesorder', id);
    const ports = world.ports;
    const { actions, counts } = await planOf({ ...world, ports }, 'SALESORDER-ORDER', create(id));
    expect(counts).toMatchObject({ inserted: 1 });
    expect(actions).toMatchObject([{ kind: 'insert', direction: 'toBusinessCentral', dataverseId: id }]);
    expect(ordersNamed(world)).toEqual([]);
    expect(world.dataverse.row('salesorder', id)).toEqual(before);
    expect(await world.ports.couplings.intents('SALESORDER-ORDER' as never)).toEqual([]);
  });
});

/** Asks for the action, works the queue off, and gives the rows it wrote. */
function actOn(on: OrdersWorld, task: ActionTask) {
  return act(on, 'SALESORDER-ORDER', task);
}

/** Posts as a user does. */
async function post(path: string): Promise<void> {
  const { url, companyId } = world.businessCentral;
  const address = `${url}/api/v2.0/companies(${companyId})/${path}`;
  const response = await fetch(address, { method: 'POST', headers: { Authorization: 'Bearer alice' } });
  expect(response.status).toBe(204);
}
