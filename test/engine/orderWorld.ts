/** An empty company with one customer, two items and orders that exist on both sides, for tests of orders. */
import { businessCentralId, dataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export const ordersMapping = mappingName('SALESORDER-ORDER');

type Values = Readonly<Record<string, unknown>>;

export interface OrderWorld extends World {
  readonly customer: Values;
  readonly account: Values;
  readonly items: readonly Values[];
  /** An order in Business Central with a line of two pieces per item, released, and its submitted Sales order, coupled. */
  order(values?: Values): Promise<PairOfOrders>;
  /** A submitted Sales order of the customer. */
  salesOrder(name: string, values?: Values): string;
  couple(businessCentral: string, number: string, dataverse: string): Promise<void>;
  coupling(businessCentral: string): Promise<Coupling | null>;
  /** The Sales order as it is. */
  row(id: string): Values;
  /** A user of Sales takes a submitted order back, changes it, and submits it again. */
  changeOrder(dataverseId: string, values: Values): void;
  /** Runs SALESORDER-ORDER some time later. */
  later(): ReturnType<World['run']>;
}

export interface PairOfOrders {
  readonly id: string;
  readonly number: string;
  readonly lines: readonly string[];
  readonly dataverseId: string;
}

/** Starts it; every mapping of master data may create. */
export async function startOrderWorld(
  orderIntegration: 'oneWay' | 'bidirectional',
  options: WorldOptions = {},
): Promise<OrderWorld> {
  const world = await startWorld({
    demo: false,
    ...options,
    features: { orderIntegration, ...options.features },
    change: (mapping) => (mapping.name === ordersMapping ? mapping : { ...mapping, syncOnlyCoupled: false }),
  });
  const { businessCentral: central, dataverse } = world;
  central.create('currencies', { code: 'USD', displayName: 'US Dollar', symbol: '$' }, 'bob');
  const rate = { currencyCode: 'USD', startingDate: '2026-01-01', exchangeRateAmount: 1 };
  central.create('currencyExchangeRates', { ...rate, relationalExchangeRateAmount: 0.8 }, 'bob');
  central.create('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' }, 'bob');
  const customer = central.create('customers', { displayName: 'Adatum' }, 'bob');
  const items = ['Bicycle', 'Lamp'].map((displayName, index) =>
    central.create(
      'items',
      { number: `10${index}`, displayName, baseUnitOfMeasureCode: 'PCS', unitPrice: 100 + index },
      'bob',
    ),
  );
  await world.advanceMinutes(1);
  for (const job of ['CURRENCY', 'UNIT OF MEASURE', 'CUSTOMER', 'ITEM-PRODUCT']) await world.run(job);
  const account = dataverse.rows('account')[0] ?? {};
  const currencyRow = dataverse.rows('transactioncurrency')[0] ?? {};

  const couple = async (businessCentral: string, number: string, row: string) => {
    await world.ports.couplings.save(ordersMapping, [
      {
        kind: 'create',
        coupling: {
          mapping: ordersMapping,
          businessCentralId: businessCentralId(businessCentral),
          dataverseId: dataverseId(row),
          businessCentralName: number,
          dataverseName: number,
          state: 'pending',
          base: null,
          lastSyncedAt: null,
          toDataverse: null,
          toBusinessCentral: null,
          lastError: null,
        },
      },
    ]);
    const stored = await world.ports.mappings.get(ordersMapping);
    await world.ports.mappings.replace({ ...stored.state, mayHaveRetries: true }, stored.version);
  };
  const salesOrder = (name: string, values: Values = {}) => {
    const bind = { 'customerid_account@odata.bind': `/accounts(${account['accountid']})` };
    const currency = {
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currencyRow['transactioncurrencyid']})`,
    };
    const row = dataverse.create('salesorder', { name, ...bind, ...currency, ...values }, 'alice');
    const id = String(row['salesorderid']);
    const submitted = { statecode: 1, statuscode: 3, lastbackofficesubmit: '2026-03-10' };
    dataverse.edit('salesorder', id, { lastbackofficesubmit: submitted.lastbackofficesubmit }, 'alice');
    dataverse.edit('salesorder', id, { statecode: 1, statuscode: 3 }, 'alice');
    return id;
  };
  const order = async (values: Values = {}): Promise<PairOfOrders> => {
    const made = central.create('salesOrders', { customerNumber: customer['number'], ...values }, 'bob');
    const id = String(made['id']);
    const number = String(made['number']);
    const lines = items.map((item) => {
      const line = { documentId: id, lineType: 'Item', lineObjectNumber: item['number'], quantity: 2 };
      return String(central.create('salesOrderLines', line, 'bob')['id']);
    });
    central.act('salesOrderExtras', id, 'release', 'bob');
    const dataverseOrder = salesOrder(`Order ${number}`);
    await couple(id, number, dataverseOrder);
    return { id, number, lines, dataverseId: dataverseOrder };
  };
  return {
    ...world,
    customer,
    account,
    items,
    order,
    salesOrder,
    couple,
    coupling: async (id) => {
      const found = await world.ports.couplings.byBusinessCentralIds(
        ordersMapping,
        [businessCentralId(id)],
        1,
      );
      return found[0] ?? null;
    },
    row: (id) => dataverse.row('salesorder', id) ?? {},
    changeOrder: (id, values) => {
      dataverse.edit('salesorder', id, { statecode: 0, statuscode: 2 }, 'alice');
      dataverse.edit('salesorder', id, values, 'alice');
      dataverse.edit('salesorder', id, { statecode: 1, statuscode: 3 }, 'alice');
    },
    later: async () => {
      await world.advanceMinutes(30);
      return world.run(ordersMapping);
    },
  };
}
