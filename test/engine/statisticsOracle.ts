/** Statistics of a customer worked out from documents of Business Central alone, with nothing of the product's own code (ST-6 to ST-13). */
import type { World } from './world.ts';

/** What a row must hold. Foreign documents are near only: their rates have six digits in Business Central (ST-9). */
interface Expected {
  readonly amounts: Readonly<Record<string, number>>;
  readonly isNear: boolean;
}

/** The demo company has no service documents, and no invoice of a prepayment was posted there (ST-5, fields 7 to 9 and 15). */
const withoutServiceOrPrepayment = {
  nav_outstandingserviceorderslcy: 0,
  nav_servshippednotinvoicedlcy: 0,
  nav_outstandingservinvoiceslcy: 0,
  nav_invoicedprepaymentamountlcy: 0,
};

const isForeign = (code: unknown) => !['', 'GBP', undefined, null].includes(code as string);

const money = (value: number) => Math.round(value * 100) / 100;

/**
 * The amounts of a customer from its documents alone: ledger = what is left of posted invoices, orders by their lines,
 * invoices that are drafts, sales of posted invoices of the year.
 */
export function amountsFromDocuments({ businessCentral }: World, number: string, day: string): Expected {
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
  const foreign = [...posted, ...orders.values()].some((document) => isForeign(document['currencyCode']));
  return {
    isNear: foreign,
    amounts: {
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
      nav_creditlimitlcy: Number(all('customers').find((each) => each['number'] === number)?.['creditLimit']),
      ...withoutServiceOrPrepayment,
    },
  };
}
