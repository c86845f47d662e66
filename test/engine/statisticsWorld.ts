/** Worlds with coupled customers, and what the documents of Business Central say of them, worked out without the product's own code. */
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import type { Counters } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** Name of the job. */
export const statisticsJob = 'CUSTOMER STATISTICS';

/** The demo company with its customers coupled, and the jobs that run code. */
export async function coupledCustomers(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options);
  await ensureCodeJobs(world.ports);
  for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await world.run(job, 'fullSync');
  return world;
}

/** Many customers without anything else, coupled. */
export async function manyCustomers(count: number, options: WorldOptions = {}): Promise<World> {
  const world = await startWorld({ ...options, demo: false });
  await ensureCodeJobs(world.ports);
  const pound = { isocurrencycode: 'GBP', currencyname: 'Pound', currencysymbol: '£', currencyprecision: 2 };
  world.dataverse.create('transactioncurrency', { ...pound, exchangerate: 0.8 }, 'integration');
  for (let index = 0; index < count; index += 1) {
    const number = `C${String(index).padStart(5, '0')}`;
    world.businessCentral.create('customers', { number, displayName: `Customer ${number}` });
  }
  await world.run('CUSTOMER', 'fullSync');
  return world;
}

/** Runs the job and gives what it counted. */
export async function runStatistics(world: World): Promise<Counters> {
  const [row] = await world.run(statisticsJob);
  if (!row) throw new Error('The job wrote no row of the log.');
  return row.counts;
}

/** All rows of statistics. */
export function statisticsRows({ dataverse }: World) {
  return dataverse.rows('nav_accountstatistics');
}

/** The row of a customer number. Raises when there is not exactly one. */
export function statisticsOf(world: World, number: string) {
  const found = statisticsRows(world).filter((row) => row['nav_customerno'] === number);
  const [row, ...others] = found;
  if (!row || others.length > 0) throw new Error(`${found.length} rows of ${number}`);
  return row;
}

/** The customer of that number. */
export function customerOf({ businessCentral }: World, number: string) {
  const customer = businessCentral.records('customers').find((each) => each['number'] === number);
  if (!customer) throw new Error(`There is no customer ${number}.`);
  return customer;
}

/** The account whose lookup points at the row of a customer number. */
export function accountOf(world: World, number: string) {
  const id = statisticsOf(world, number)['nav_accountstatisticsid'];
  const accounts = world.dataverse.rows('account');
  return accounts.find((row) => row['_nav_accountstatisticsid_value'] === id);
}

/** Versions of accounts and statistics, to see that nothing is written. */
export function statisticsVersions({ dataverse }: World): readonly unknown[] {
  return ['account', 'nav_accountstatistics'].flatMap((table) =>
    dataverse.rows(table).map((row) => row['versionnumber']),
  );
}

type Amounts = Readonly<Record<string, number>>;
const money = (value: number) => Math.round(value * 100) / 100;

/**
 * The amounts of a customer from its documents alone: ledger = what is left of posted invoices, orders by their lines,
 * invoices that are drafts, sales of posted invoices of the year.
 */
export function amountsFromDocuments({ businessCentral }: World, number: string, day: string): Amounts {
  const all = (set: string) => businessCentral.records(set);
  const rateOf = (code: unknown, date: unknown): number => {
    const rates = all('currencyExchangeRates').filter(
      (rate) => rate['currencyCode'] === code && String(rate['startingDate']) <= String(date),
    );
    const rate = rates.toSorted((left, right) =>
      String(left['startingDate']) < String(right['startingDate']) ? 1 : -1,
    )[0];
    return rate ? Number(rate['relationalExchangeRateAmount']) / Number(rate['exchangeRateAmount']) : 1;
  };
  const ofCustomer = (set: string) => all(set).filter((each) => each['billToCustomerNumber'] === number);
  const posted = ofCustomer('postedSalesInvoices');
  const local = (invoice: (typeof posted)[number], property: string) =>
    Number(invoice[property]) / (Number(invoice['currencyFactor']) || 1);
  const sum = (values: readonly number[]) => money(values.reduce((added, value) => added + value, 0));
  const orders = new Map(ofCustomer('salesOrders').map((order) => [order['id'], order]));
  const lines = all('salesOrderLines').filter(
    (line) => orders.has(line['documentId']) && Number(line['quantity']) > 0,
  );
  const share = (line: (typeof lines)[number], units: number) => {
    const order = orders.get(line['documentId']);
    const rate =
      order?.['currencyCode'] === 'GBP' ? 1 : rateOf(order?.['currencyCode'], order?.['orderDate']);
    return money((Number(line['netAmountIncludingTax']) * units * rate) / Number(line['quantity']));
  };
  const shipped = (line: (typeof lines)[number]) => Number(line['shippedQuantity']);
  const balance = sum(posted.map((each) => local(each, 'remainingAmount')));
  const outstandingOrders = sum(lines.map((line) => share(line, Number(line['quantity']) - shipped(line))));
  const shippedNotInvoiced = sum(
    lines.map((line) => share(line, shipped(line) - Number(line['invoicedQuantity']))),
  );
  const drafts = ofCustomer('salesInvoices').filter(({ status }) => status === 'Draft');
  const outstandingInvoices = sum(drafts.map((each) => Number(each['totalAmountIncludingTax'])));
  return {
    nav_balancelcy: balance,
    nav_outstandingorderslcy: outstandingOrders,
    nav_shippednotinvoicedlcy: shippedNotInvoiced,
    nav_outstandinginvoiceslcy: outstandingInvoices,
    nav_totallcy: money(balance + outstandingOrders + shippedNotInvoiced + outstandingInvoices),
    nav_overdueamountslcy: sum(
      posted.filter((each) => String(each['dueDate']) < day).map((each) => local(each, 'remainingAmount')),
    ),
    nav_totalsaleslcy: sum(
      posted
        .filter((each) => String(each['postingDate']).startsWith(day.slice(0, 4)))
        .map((each) => local(each, 'amount')),
    ),
  };
}
