/** A client of an organisation with one unit group, and what tests of products and orders send. */
import { type Client, startClient } from './client.ts';

/** The client with the builders of its bodies; call `stopAll` after the test. */
export async function startSalesClient() {
  const client = await startClient();
  const unitGroup = await client.create('uomschedules', { name: 'Default', baseuomname: 'Piece' });
  const [base] = (await client.get(`uoms?$filter=_uomscheduleid_value eq ${unitGroup}`)).value;
  const unit = String(base?.['uomid']);
  return {
    client,
    unitGroup,
    unit,
    /** Changes a row whatever its version. */
    patch: (path: string, body: object) => client.send('PATCH', path, body, { 'If-Match': '*' }),
    /** The body of a product, named by its number. */
    product: (productnumber: string, more: object = {}) => ({
      name: productnumber,
      productnumber,
      'defaultuomscheduleid@odata.bind': `/uomschedules(${unitGroup})`,
      'defaultuomid@odata.bind': `/uoms(${unit})`,
      ...more,
    }),
  };
}

export type SalesClient = Awaited<ReturnType<typeof startSalesClient>>;

/** Creates an order of a new account. */
export async function createOrder(client: Client, more: object = {}) {
  const account = await client.create('accounts', { name: 'Customer' });
  const customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
  return { account, id: await client.create('salesorders', { name: 'Order', ...customer, ...more }) };
}

/** The body of a line without a product. */
export const writeIn = (quantity: number, priceperunit: number, more: object = {}) => ({
  isproductoverridden: true,
  productdescription: 'Work',
  quantity,
  priceperunit,
  ...more,
});
