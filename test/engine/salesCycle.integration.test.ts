/** The sales process from the submitted order to its payment, over the API of the app alone (documents.md section 14). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import {
  documentSettings,
  goodsLine,
  type OrdersWorld,
  ordersJob,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
  writeInLine,
} from './ordersWorld.ts';

let world: OrdersWorld;
let composition: Composition;

beforeEach(async () => {
  world = await startOrdersWorld({ documents: documentSettings });
  const onPause = async () => {
    await world.drainQueue();
  };
  const environment = { ORDER_INTEGRATION: 'oneWay', AUTO_CREATE_ORDERS: 'true' };
  composition = memoryComposition({ ports: world.ports, onPause, environment }).composition;
});
afterEach(() => world.close());

async function runJob(job: string) {
  const answer = await callApi(composition, `POST /api/jobs/${encodeURIComponent(job)}/run?wait=true`);
  expect(answer.status).toBe(200);
  return answer.body['syncJobs'] as readonly { readonly counts: Readonly<Record<string, number>> }[];
}

function postedInvoice() {
  const [invoice] = world.businessCentral.records('postedSalesInvoices');
  return { id: String(invoice?.['id']), number: String(invoice?.['number']) };
}

function invoiceInSales() {
  const [invoice, ...others] = world.dataverse.rows('invoice');
  expect(others).toEqual([]);
  return invoice;
}

describe('a submitted order', () => {
  it('is fulfilled in Business Central, and Sales learns of its invoice and its payment (D-36, D-79, D-124, D-132, D-134)', async () => {
    const id = submitOrder(world, 'Chairs', [goodsLine(world), writeInLine()]);
    expect(await runJob(ordersJob)).toMatchObject([{ counts: { inserted: 1, failed: 0 } }]);
    const [order] = ordersNamed(world, 'Chairs');
    expect(order).toMatchObject({ totalAmountExcludingTax: 2 * 80 + 120 });

    world.businessCentral.act('salesOrderExtras', String(order?.['id']), 'release');
    await runJob('SALESORDER-ORDER');
    world.businessCentral.act('salesOrders', String(order?.['id']), 'shipAndInvoice');
    await runJob('SALESORDER-ORDER');
    expect(world.dataverse.row('salesorder', id)).toMatchObject({ statecode: 4, statuscode: 100003 });

    const { id: businessCentralId, number } = postedInvoice();
    const created = await callApi(composition, 'POST /api/couplings?wait=true', {
      body: { mapping: 'POSTEDSALESINV-INV', businessCentralId, createNew: true },
    });
    expect(created).toMatchObject({ status: 200, body: { accepted: 1, failed: 0 } });
    expect(invoiceInSales()).toMatchObject({
      ...{ invoicenumber: number, _salesorderid_value: id, _customerid_value: world.account },
      // A quarter of the net amount is tax in this company (D-59).
      ...{ totalamount: 280 * 1.25, totaltax: 280 / 4, statecode: 0, statuscode: 4 },
    });
    expect(world.dataverse.rows('invoicedetail').map(({ extendedamount }) => extendedamount)).toEqual([
      160 * 1.25,
      120 * 1.25,
    ]);

    world.businessCentral.payInvoice(number, 100);
    await runJob('CUSTOMER STATISTICS');
    expect(invoiceInSales()).toMatchObject({ statecode: 2, statuscode: 100002 });
    world.businessCentral.payInvoice(number, 250);
    await runJob('CUSTOMER STATISTICS');
    expect(invoiceInSales()).toMatchObject({ statecode: 2, statuscode: 100001 });
  });
});
