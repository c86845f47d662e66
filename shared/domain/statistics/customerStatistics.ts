/** The statistics of a customer as Sales shows them at the account (ST-4 to ST-14). */
import type { FieldValue } from '../common/records.ts';
import { roundTo } from '../sync/values.ts';

/** The table of the integration solution, and the account's lookup to it; the name is the same (ST-1). */
export const statisticsTable = 'nav_accountstatistics';
/** Column of the account that points at its statistics. */
export const statisticsLookup = 'nav_accountstatisticsid';

/** Money columns, in the order of ST-5. */
export const amountColumns = [
  'nav_balancelcy',
  'nav_outstandingorderslcy',
  'nav_shippednotinvoicedlcy',
  'nav_outstandinginvoiceslcy',
  'nav_outstandingserviceorderslcy',
  'nav_servshippednotinvoicedlcy',
  'nav_outstandingservinvoiceslcy',
  'nav_totallcy',
  'nav_creditlimitlcy',
  'nav_overdueamountslcy',
  'nav_totalsaleslcy',
  'nav_invoicedprepaymentamountlcy',
] as const;
export type AmountColumn = (typeof amountColumns)[number];

/** What of Business Central a column shows (ST-5, ST-13); the others are worked out or come from the setup. */
export const statisticsSources: Readonly<Record<string, string>> = {
  nav_name: 'displayName',
  nav_customerno: 'number',
  nav_balancelcy: 'balance',
  nav_outstandingorderslcy: 'outstandingOrdersLcy',
  nav_shippednotinvoicedlcy: 'shippedNotInvoicedLcy',
  nav_outstandinginvoiceslcy: 'outstandingInvoicesLcy',
  nav_outstandingserviceorderslcy: 'outstandingServiceOrdersLcy',
  nav_servshippednotinvoicedlcy: 'serviceShippedNotInvoicedLcy',
  nav_outstandingservinvoiceslcy: 'outstandingServiceInvoicesLcy',
  nav_totallcy: 'totalAmountLcy',
  nav_creditlimitlcy: 'creditLimit',
  nav_overdueamountslcy: 'overdueAmount',
  nav_totalsaleslcy: 'totalSalesAmount',
  nav_invoicedprepaymentamountlcy: 'invoicedPrepaymentAmountLcy',
};

/** The day the overdue amounts are of; it is written with the rest, and does not by itself make a row due (ST-18, ST-22). */
export const asOfColumn = 'nav_overdueamountsasof';

/** Columns that can be switched off by configuration; name and number always travel, because rows are found by them. */
export const statisticsColumns = [...amountColumns, asOfColumn] as const;
export type StatisticsColumn = (typeof statisticsColumns)[number];

/** What is known of one customer. Amounts are local currency; null = no source tells it. */
export interface CustomerFigures {
  readonly number: string;
  readonly name: string;
  readonly balance: number;
  readonly outstandingOrders: number;
  readonly shippedNotInvoiced: number;
  readonly outstandingInvoices: number;
  readonly outstandingServiceOrders: number | null;
  readonly serviceShippedNotInvoiced: number | null;
  readonly outstandingServiceInvoices: number | null;
  readonly invoicedPrepayments: number | null;
  /** As Business Central adds it up, with what the API does not show; null = added up here (ST-6). */
  readonly total: number | null;
  readonly creditLimit: number;
  readonly overdue: number;
  /** Sales of the fiscal year (ST-8). */
  readonly totalSales: number | null;
}

/** Values of the row by column, without currency. */
export type StatisticsValues = Readonly<Record<string, FieldValue>>;

const longestName = 160;
const longestNumber = 20;

/**
 * The values that are written for these figures on a day (`yyyy-MM-dd`). What no source tells is 0 (ST-13, ST-14), except
 * sales, which are left out: a wrong zero would look like a customer without sales. Columns that are not wanted are
 * left out, too.
 */
export function statisticsValues(
  figures: CustomerFigures,
  day: string,
  wanted: readonly StatisticsColumn[],
): StatisticsValues {
  const amounts: Readonly<Record<AmountColumn, number | null>> = {
    nav_balancelcy: figures.balance,
    nav_outstandingorderslcy: figures.outstandingOrders,
    nav_shippednotinvoicedlcy: figures.shippedNotInvoiced,
    nav_outstandinginvoiceslcy: figures.outstandingInvoices,
    nav_outstandingserviceorderslcy: figures.outstandingServiceOrders ?? 0,
    nav_servshippednotinvoicedlcy: figures.serviceShippedNotInvoiced ?? 0,
    nav_outstandingservinvoiceslcy: figures.outstandingServiceInvoices ?? 0,
    nav_totallcy: figures.total ?? totalOf(figures),
    nav_creditlimitlcy: figures.creditLimit,
    nav_overdueamountslcy: figures.overdue,
    nav_totalsaleslcy: figures.totalSales,
    nav_invoicedprepaymentamountlcy: figures.invoicedPrepayments ?? 0,
  };
  const known = amountColumns.flatMap((column) => {
    const amount = amounts[column];
    return wanted.includes(column) && amount !== null ? [[column, amount] as const] : [];
  });
  return {
    nav_name: figures.name.slice(0, longestName),
    nav_customerno: figures.number.slice(0, longestNumber),
    ...Object.fromEntries(known),
    ...(wanted.includes(asOfColumn) ? { [asOfColumn]: day } : {}),
  };
}

/** The sum of ST-6, as far as its parts are known; return receipts and invoices of shipments are not shown by the API. */
export function totalOf(figures: Omit<CustomerFigures, 'total'>): number {
  const sum =
    figures.balance +
    figures.outstandingOrders +
    figures.shippedNotInvoiced +
    figures.outstandingInvoices +
    (figures.outstandingServiceOrders ?? 0) +
    (figures.serviceShippedNotInvoiced ?? 0) +
    (figures.outstandingServiceInvoices ?? 0) -
    (figures.invoicedPrepayments ?? 0);
  return roundTo(sum, 2);
}

/** What a new row begins with: an amount that was never anything but zero shows as a dash in Sales (ST-20). */
export function startingValues(values: StatisticsValues): StatisticsValues {
  const { nav_name = '', nav_customerno = '' } = values;
  return { nav_name, nav_customerno, ...Object.fromEntries(amountColumns.map((column) => [column, 1])) };
}

/** The values a new row gets after its start: amounts nobody tells must not stay at 1 (ST-14). */
export function firstValues(values: StatisticsValues): StatisticsValues {
  return { ...Object.fromEntries(amountColumns.map((column) => [column, 0])), ...values };
}

/** The values that differ from those of a row; amounts are compared as money is shown. */
export function differences(values: StatisticsValues, row: StatisticsValues): StatisticsValues {
  return Object.fromEntries(
    Object.entries(values).filter(([column, value]) => !isSame(value, row[column] ?? null)),
  );
}

function isSame(value: FieldValue, present: FieldValue): boolean {
  if (typeof value !== 'number') return value === present;
  return typeof present === 'number' && roundTo(value, 2) === roundTo(present, 2);
}

/** The text whose digest is remembered: everything that makes a row due, the day left out. */
export function comparedText(values: StatisticsValues): string {
  const { [asOfColumn]: _day, ...rest } = values;
  return JSON.stringify(
    Object.entries(rest)
      .map(([column, value]) => [column, typeof value === 'number' ? roundTo(value, 2) : value] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
