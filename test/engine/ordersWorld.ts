/** A world with a coupled customer, coupled products, and Sales orders to submit. */
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import {
  businessCentralId,
  type DataverseId,
  dataverseId,
  mappingName,
} from '../../shared/domain/common/ids.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import type { DocumentSettings } from '../../shared/domain/documents/documentSettings.ts';
import { noDocuments } from '../../shared/domain/documents/documentSettings.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

type Values = Readonly<Record<string, unknown>>;

const seller = 'alice';
export const ordersJob = 'AUTO CREATE SALES ORDERS';

export const documentSettings: DocumentSettings = {
  ...noDocuments,
  orderIntegration: 'oneWay',
  autoCreateOrders: true,
  writeInProduct: { type: 'Item', number: 'WORK' },
  freightAccount: '6110',
};

export interface OrdersWorld extends World {
  readonly account: DataverseId;
  readonly goods: DataverseId;
  readonly service: DataverseId;
  readonly customerNumber: string;
  /** The currency that is local in Business Central. */
  readonly pound: string;
}

/** Two systems whose customer, item and resource are coupled. */
export async function startOrdersWorld(
  options: WorldOptions & { readonly settings?: Partial<DocumentSettings> } = {},
): Promise<OrdersWorld> {
  const { settings, ...rest } = options;
  const world = await startWorld({ demo: false, features: { orderIntegration: 'oneWay' }, ...rest });
  const documents = { ...documentSettings, ...settings };
  const ports: SyncPorts = { ...world.ports, policy: { ...world.ports.policy, documents } };
  await ensureCodeJobs(ports);
  const { businessCentral, dataverse } = world;
  const create = (table: string, values: Values) => {
    const row = dataverse.create(table, values as never, seller);
    return idOf(row, `${table}id`).id;
  };
  const pound = create('transactioncurrency', {
    ...{ currencyname: 'Pound', isocurrencycode: 'GBP', currencysymbol: '£' },
    ...{ currencyprecision: 2, exchangerate: 1 },
  });
  const group = create('uomschedule', { name: 'Units', baseuomname: 'PCS' });
  const { id: unit } = idOf(
    dataverse.rows('uom').find((row) => row['_uomscheduleid_value'] === group),
    'uomid',
  );
  const product = (name: string, producttypecode: number) =>
    create('product', {
      ...{ name, productnumber: name, producttypecode },
      ...{
        'defaultuomscheduleid@odata.bind': `/uomschedules(${group})`,
        'defaultuomid@odata.bind': `/uoms(${unit})`,
      },
    });
  const account = create('account', { name: 'Contoso', customertypecode: 3 });
  const goods = product('CHAIR', 1);
  const service = product('FITTING', 3);
  for (const id of [goods, service]) dataverse.edit('product', id, { statecode: 0 }, seller);
  const made = (set: string, values: Values) => String(businessCentral.create(set, values as never)['id']);
  const customer = made('customers', { displayName: 'Contoso' });
  const item = made('items', { number: 'CHAIR', displayName: 'Chair', unitPrice: 99 });
  made('items', { number: 'WORK', displayName: 'Work', type: 'Service' });
  const resource = made('resources', { number: 'FITTING', name: 'Fitting' });
  await couple(world, 'CUSTOMER', customer, account);
  await couple(world, 'ITEM-PRODUCT', item, goods);
  await couple(world, 'RESOURCE-PRODUCT', resource, service);
  const customerNumber = String(businessCentral.record('customers', customer)?.['number']);
  return {
    ...world,
    ports,
    account: dataverseId(account),
    goods: dataverseId(goods),
    service: dataverseId(service),
    customerNumber,
    pound,
  };
}

function idOf(row: Values | undefined, key: string): { readonly id: string } {
  return { id: String(row?.[key]) };
}

/** Couples two records without synchronising them. */
export async function couple(world: World, mapping: string, ours: string, theirs: string): Promise<void> {
  const coupling: Coupling = {
    ...{
      mapping: mappingName(mapping),
      businessCentralId: businessCentralId(ours),
      dataverseId: dataverseId(theirs),
    },
    ...{
      businessCentralName: ours,
      dataverseName: theirs,
      state: 'synchronized',
      base: null,
      lastSyncedAt: null,
    },
    ...{ toDataverse: null, toBusinessCentral: null, lastError: null },
  };
  await world.ports.couplings.save(mappingName(mapping), [{ kind: 'create', coupling }]);
}

/** An order with lines, submitted by its seller. */
export function submitOrder(
  world: OrdersWorld,
  name: string,
  lines: readonly Values[],
  more: Values = {},
): DataverseId {
  const { dataverse, account, pound } = world;
  const references = {
    'customerid_account@odata.bind': `/accounts(${account})`,
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${pound})`,
  };
  const { id } = idOf(
    dataverse.create('salesorder', { name, ...references, ...more } as never, seller),
    'salesorderid',
  );
  for (const line of lines)
    dataverse.create(
      'salesorderdetail',
      { 'salesorderid@odata.bind': `/salesorders(${id})`, ...line } as never,
      seller,
    );
  dataverse.edit('salesorder', id, { statecode: 1, statuscode: 3 }, seller);
  return dataverseId(id);
}

/** A line of goods. */
export function goodsLine(world: OrdersWorld, more: Values = {}): Values {
  const unit = world.dataverse.rows('uom')[0]?.['uomid'];
  return {
    ...{ 'productid@odata.bind': `/products(${world.goods})`, 'uomid@odata.bind': `/uoms(${unit})` },
    ispriceoverridden: true,
    ...{ quantity: 2, priceperunit: 80 },
    ...more,
  };
}

/** A line without a product. */
export function writeInLine(more: Values = {}): Values {
  return {
    isproductoverridden: true,
    productdescription: 'Assembly',
    quantity: 1,
    priceperunit: 120,
    ...more,
  };
}

/** Runs the job once. */
export async function createOrdersOf(
  world: OrdersWorld,
  ports: SyncPorts = world.ports,
): Promise<readonly SyncJob[]> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job: ordersJob, runId, trigger: 'manual', followedBy: [] });
  const job = await ports.jobs.get(ordersJob);
  if (job?.entry.errorMessage) throw new Error(job.entry.errorMessage);
  const { rows } = await world.ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  return rows.toReversed();
}

/** Lines of the only order, or of the one with this external document number, by sequence. */
export function orderLines(world: OrdersWorld, name?: string) {
  const [order] = ordersNamed(world, name);
  return world.businessCentral
    .records('salesOrderLines')
    .filter((line) => line['documentId'] === order?.['id'])
    .toSorted((left, right) => Number(left['sequence']) - Number(right['sequence']));
}

/** Orders of Business Central, or those with this external document number. */
export function ordersNamed(world: OrdersWorld, name?: string) {
  const all = world.businessCentral.records('salesOrders');
  return name === undefined
    ? all
    : all.filter((order) => order['externalDocumentNumber'] === name.toUpperCase());
}
