import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { readTotalSales } from './totalSales.ts';

type Request = Parameters<BusinessCentral['readRows']>[0];

/** Reads the sales of a day from a service with these sets; gives the filter that sales were asked with. */
async function filterOfSales(sets: Readonly<Record<string, readonly FieldValues[]>>): Promise<string> {
  const asked: string[] = [];
  const readRows = async ({ entitySet, filter }: Request): Promise<readonly FieldValues[]> => {
    if (entitySet === 'customerSales') asked.push(filter ?? '');
    const rows = sets[entitySet];
    if (rows) return rows;
    throw new SyncFailure({ kind: 'config', code: 'entity-set-not-found', message: `No ${entitySet}.` });
  };
  const ports = { businessCentral: { readRows }, log: () => {} } as unknown as SyncPorts;
  await readTotalSales(ports, '2026-03-10');
  return asked[0] ?? '';
}

const year = (start: string, end: string) =>
  `dateFilter_FilterOnly ge ${start} and dateFilter_FilterOnly le ${end}`;

describe('the year that total sales are read of', () => {
  it('is that of the company where the service has no accounting periods (ST-8, ST-12)', async () => {
    const companyInformation = [{ currentFiscalYearStartDate: '2025-07-01' }];
    const filter = await filterOfSales({ companyInformation, customerSales: [] });
    expect(filter).toBe(year('2025-07-01', '2026-06-30'));
  });

  it.each([
    ['blank', { companyInformation: [{ currentFiscalYearStartDate: '0001-01-01' }] }],
    ['unknown', {}],
  ])('is the calendar year where that is %s (ST-8, ST-12)', async (_what, sets) => {
    expect(await filterOfSales({ ...sets, customerSales: [] })).toBe(year('2026-01-01', '2026-12-31'));
  });

  it('is that of the accounting periods where there are some (ST-12)', async () => {
    const accountingPeriods = [{ startingDate: '2025-10-01', newFiscalYear: true }];
    const companyInformation = [{ currentFiscalYearStartDate: '2025-07-01' }];
    const filter = await filterOfSales({ accountingPeriods, companyInformation, customerSales: [] });
    expect(filter).toBe(year('2025-10-01', '2026-09-30'));
  });
});
