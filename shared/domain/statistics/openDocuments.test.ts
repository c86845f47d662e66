import { describe, expect, it } from 'vitest';
import {
  invoiceAmounts,
  nothingOpen,
  OpenAmountsByCustomer,
  openDocument,
  orderLineAmounts,
  RatesByDay,
} from './openDocuments.ts';

const line = (
  quantity: number,
  shippedQuantity: number,
  invoicedQuantity: number,
  netAmountIncludingTax: number,
) => ({
  quantity,
  shippedQuantity,
  invoicedQuantity,
  netAmountIncludingTax,
});

const rates = [
  {
    currencyCode: 'EUR',
    startingDate: '2025-01-01',
    exchangeRateAmount: 100,
    relationalCurrencyCode: '',
    relationalExchangeRateAmount: 60,
  },
  {
    currencyCode: 'EUR',
    startingDate: '2026-01-01',
    exchangeRateAmount: 100,
    relationalCurrencyCode: '',
    relationalExchangeRateAmount: 65,
  },
];

describe('a line of an order', () => {
  it('is outstanding by what is not shipped, and shipped by what is not invoiced (ST-9)', () => {
    expect(orderLineAmounts(line(10, 4, 1, 1250), 1)).toEqual({
      ...nothingOpen,
      outstandingOrders: 750,
      shippedNotInvoiced: 375,
    });
  });

  it('is rounded for itself, in local currency (ST-9)', () => {
    expect(orderLineAmounts(line(3, 1, 0, 100), 0.65)).toEqual({
      ...nothingOpen,
      outstandingOrders: 43.33,
      shippedNotInvoiced: 21.67,
    });
  });

  it('adds nothing without a quantity', () => {
    expect(orderLineAmounts(line(0, 0, 0, 100), 1)).toEqual(nothingOpen);
  });
});

describe('open documents', () => {
  it('count for the bill-to customer, an unposted invoice as a whole (ST-5, ST-9)', () => {
    const byDay = new RatesByDay(rates, 'GBP');
    const sums = new OpenAmountsByCustomer();
    const order = openDocument(
      { id: 'a', billToCustomerNumber: '10000', currencyCode: 'GBP' },
      '2026-01-05',
      byDay,
    );
    const invoice = openDocument(
      { id: 'b', billToCustomerNumber: '10000', currencyCode: 'EUR' },
      '2026-01-05',
      byDay,
    );
    sums.add(order, orderLineAmounts(line(2, 0, 0, 50), order.rate));
    sums.add(order, orderLineAmounts(line(1, 1, 0, 25), order.rate));
    sums.add(invoice, invoiceAmounts({ totalAmountIncludingTax: 100 }, invoice.rate));
    expect(sums.of('10000')).toEqual({
      outstandingOrders: 50,
      shippedNotInvoiced: 25,
      outstandingInvoices: 65,
    });
    expect(sums.of('20000')).toEqual(nothingOpen);
  });

  it('take the rate of their own day; the local currency and a currency without rate count as they are (ST-9)', () => {
    const byDay = new RatesByDay(rates, 'GBP');
    expect([byDay.rate('EUR', '2025-06-01'), byDay.rate('EUR', '2026-06-01')]).toEqual([0.6, 0.65]);
    expect([
      byDay.rate('GBP', '2026-06-01'),
      byDay.rate('', '2026-06-01'),
      byDay.rate('XXX', '2026-06-01'),
    ]).toEqual([1, 1, 1]);
  });
});
