/** Orders made from Sales where orders travel both ways: what a user of Sales typed stays what it is (D-63, D-83, D-84, D-90, P1). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import type { DataverseId } from '../../shared/domain/common/ids.ts';
import {
  documentSettings,
  goodsLine,
  type OrdersWorld,
  orderLines,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
} from './ordersWorld.ts';

let world: OrdersWorld;
let composition: Composition;

beforeEach(async () => {
  const documents = { ...documentSettings, orderIntegration: 'bidirectional' as const };
  world = await startOrdersWorld({
    ...{ documents, settings: documents, features: { orderIntegration: 'bidirectional' } },
  });
  const onPause = async () => {
    await world.drainQueue();
  };
  const environment = { ORDER_INTEGRATION: 'bidirectional' };
  composition = memoryComposition({ ports: world.ports, onPause, environment }).composition;
  const { businessCentral, dataverse } = world;
  businessCentral.create('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
  for (const { id } of businessCentral.records('items')) {
    const values = { baseUnitOfMeasureCode: 'PCS', priceIncludesTax: true };
    businessCentral.edit('items', String(id), values);
  }
  const [group] = dataverse.rows('uomschedule');
  dataverse.edit('uomschedule', String(group?.['uomscheduleid']), { name: 'NAV PCS' }, 'alice');
});
afterEach(() => world.close());

/** Asks for the order, then lets it be synchronised twice. */
async function makeAndSynchronise(dataverseId: DataverseId): Promise<void> {
  const body = { mapping: 'SALESORDER-ORDER', dataverseId, createNew: true };
  expect(await callApi(composition, 'POST /api/couplings?wait=true', { body })).toMatchObject({
    ...{ status: 200, body: { accepted: 1, failed: 0 } },
  });
  for (let turn = 0; turn < 2; turn += 1) {
    await world.advanceMinutes(31);
    await world.run('SALESORDER-ORDER');
  }
  expect(await world.openErrors('SALESORDER-ORDER')).toEqual([]);
}

describe('an order made from Sales that goes on travelling both ways', () => {
  it('has the prices of Sales, also of an item whose price includes tax (D-63, D-84)', async () => {
    const id = submitOrder(world, 'Chairs', [goodsLine(world, { manualdiscountamount: 7 })]);
    await makeAndSynchronise(id);
    expect(orderLines(world)).toMatchObject([{ unitPrice: 80, discountAmount: 7, netAmount: 153 }]);
    expect(world.dataverse.rows('salesorderdetail')).toMatchObject([{ priceperunit: 80, quantity: 2 }]);
  });

  it('goes to whom Sales sends it, and comes back the same (D-83)', async () => {
    const address = { shipto_name: 'Dock', shipto_line1: 'Quay 1', billto_line1: 'Street 2' };
    const id = submitOrder(world, 'Chairs', [goodsLine(world)], { ...address, description: 'Work' });
    await makeAndSynchronise(id);
    expect(ordersNamed(world)).toMatchObject([{ shipToName: 'Dock', shipToAddressLine1: 'Quay 1' }]);
    expect(world.dataverse.row('salesorder', id)).toMatchObject({ ...address, description: 'Work' });
  });
});
