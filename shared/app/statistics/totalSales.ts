/** Sales of every customer in the present fiscal year (ST-8, ST-11, ST-12). */
import { isIsoDate } from '../../domain/common/instants.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import { type AccountingPeriod, type FiscalYear, fiscalYearOf } from '../../domain/statistics/fiscalYear.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { isRefusal, optionalRows } from './optionalRows.ts';

/** How the filter element of the query is called: as metadata names it, and as documents do (unverified, ST-12). */
const filterNames = ['dateFilter_FilterOnly', 'dateFilter'] as const;

/**
 * Sales by customer id, customers without sales left out; null when the service does not tell, so that no total of all
 * years is taken for one of this year. Two or three requests. Raises SyncFailure.
 */
export async function readTotalSales(
  ports: SyncPorts,
  day: string,
): Promise<ReadonlyMap<string, number> | null> {
  const year = await readFiscalYear(ports, day);
  for (const name of filterNames) {
    const rows = await salesRows(ports, year, name);
    if (rows !== null) return salesByCustomer(rows);
  }
  ports.log('warning', 'statistics-source-missing', {
    entitySet: 'customerSales',
    column: 'nav_totalsaleslcy',
  });
  return null;
}

/** By accounting periods; without them by what the company tells of its year, else the calendar year. */
async function readFiscalYear({ businessCentral }: SyncPorts, day: string): Promise<FiscalYear> {
  const select = ['startingDate', 'newFiscalYear'];
  const rows = await optionalRows(businessCentral, { entitySet: 'accountingPeriods', route: 'v2.0', select });
  if (rows === null) return fiscalYearOf(day, await yearOfCompany(businessCentral));
  const periods = rows.map((row) => ({
    startingDate: String(row['startingDate'] ?? ''),
    newFiscalYear: row['newFiscalYear'] === true,
  }));
  return fiscalYearOf(day, periods);
}

/** The first day of its present year; a blank one tells nothing. */
async function yearOfCompany(
  businessCentral: SyncPorts['businessCentral'],
): Promise<readonly AccountingPeriod[]> {
  const select = ['currentFiscalYearStartDate'];
  const request = { entitySet: 'companyInformation', route: 'v2.0', select } as const;
  try {
    const [row] = (await optionalRows(businessCentral, request)) ?? [];
    const startingDate = String(row?.['currentFiscalYearStartDate'] ?? '').slice(0, 10);
    return isIsoDate(startingDate) && startingDate > '0001-01-01'
      ? [{ startingDate, newFiscalYear: true }]
      : [];
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

async function salesRows(
  { businessCentral }: SyncPorts,
  { start, end }: FiscalYear,
  name: string,
): Promise<readonly FieldValues[] | null> {
  const select = ['customerId', 'totalSalesAmount'];
  const filter = `${name} ge ${start} and ${name} le ${end}`;
  try {
    return await optionalRows(businessCentral, { entitySet: 'customerSales', route: 'v2.0', select, filter });
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

function salesByCustomer(rows: readonly FieldValues[]): ReadonlyMap<string, number> {
  const sales = new Map<string, number>();
  for (const row of rows) {
    const amount = Number(row['totalSalesAmount'] ?? 0);
    if (amount !== 0) sales.set(String(row['customerId']).toLowerCase(), amount);
  }
  return sales;
}
