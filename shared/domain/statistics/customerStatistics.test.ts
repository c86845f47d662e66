import { describe, expect, it } from 'vitest';
import {
  amountColumns,
  type CustomerFigures,
  comparedText,
  differences,
  firstValues,
  startingValues,
  statisticsColumns,
  statisticsValues,
  totalOf,
} from './customerStatistics.ts';

const figures: CustomerFigures = {
  number: '10000',
  name: 'Adatum',
  balance: 100.1,
  outstandingOrders: 20.2,
  shippedNotInvoiced: 3.3,
  outstandingInvoices: 0.4,
  outstandingServiceOrders: null,
  serviceShippedNotInvoiced: null,
  outstandingServiceInvoices: null,
  invoicedPrepayments: null,
  total: null,
  creditLimit: 500,
  overdue: 7,
  totalSales: 900,
};
const values = statisticsValues(figures, '2026-03-10', statisticsColumns);

describe('the values of a row', () => {
  it('fill every column, amounts as Business Central has them (ST-5, ST-13)', () => {
    expect(values).toEqual({
      nav_name: 'Adatum',
      nav_customerno: '10000',
      nav_balancelcy: 100.1,
      nav_outstandingorderslcy: 20.2,
      nav_shippednotinvoicedlcy: 3.3,
      nav_outstandinginvoiceslcy: 0.4,
      nav_outstandingserviceorderslcy: 0,
      nav_servshippednotinvoicedlcy: 0,
      nav_outstandingservinvoiceslcy: 0,
      nav_totallcy: 124,
      nav_creditlimitlcy: 500,
      nav_overdueamountslcy: 7,
      nav_totalsaleslcy: 900,
      nav_invoicedprepaymentamountlcy: 0,
      nav_overdueamountsasof: '2026-03-10',
    });
  });

  it('total what the customer owes and will owe, services added, prepayments taken off (ST-6)', () => {
    const more = {
      outstandingServiceOrders: 1,
      serviceShippedNotInvoiced: 2,
      outstandingServiceInvoices: 4,
      invoicedPrepayments: 24,
    };
    expect(totalOf({ ...figures, ...more })).toBe(107);
    expect(
      statisticsValues({ ...figures, total: 999 }, '2026-03-10', statisticsColumns)['nav_totallcy'],
    ).toBe(999);
  });

  it('leave sales out when nobody tells them, instead of a total of all years (ST-11)', () => {
    const unknown = statisticsValues({ ...figures, totalSales: null }, '2026-03-10', statisticsColumns);
    expect(unknown).not.toHaveProperty('nav_totalsaleslcy');
  });

  it('keep to the columns that are wanted; name and number always travel (ST-13)', () => {
    expect(Object.keys(statisticsValues(figures, '2026-03-10', ['nav_balancelcy']))).toEqual([
      'nav_name',
      'nav_customerno',
      'nav_balancelcy',
    ]);
  });

  it('begin with 1 in every amount, and go on with 0 where nothing is told (ST-14, ST-20)', () => {
    const starting = startingValues(values);
    expect(amountColumns.map((column) => starting[column])).toEqual(amountColumns.map(() => 1));
    expect(firstValues({ nav_balancelcy: 5 })).toMatchObject({
      nav_balancelcy: 5,
      nav_totallcy: 0,
      nav_totalsaleslcy: 0,
    });
  });
});

describe('whether a row is written', () => {
  it('depends on any column that differs, the day among them; amounts are compared to the cent (ST-22)', () => {
    expect(differences(values, { ...values, nav_balancelcy: 100.1000001 })).toEqual({});
    expect(differences(values, { ...values, nav_overdueamountsasof: '2026-03-09' })).toEqual({
      nav_overdueamountsasof: '2026-03-10',
    });
    expect(differences(values, {})).toEqual(values);
  });

  it('is not decided by the day alone (ST-18)', () => {
    const later = statisticsValues(figures, '2026-03-11', statisticsColumns);
    expect(comparedText(later)).toBe(comparedText(values));
    expect(comparedText({ ...values, nav_balancelcy: 100.11 })).not.toBe(comparedText(values));
  });
});
