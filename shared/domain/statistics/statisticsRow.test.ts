import { describe, expect, it } from 'vitest';
import { businessCentralId, dataverseId } from '../common/ids.ts';
import { instant } from '../common/instants.ts';
import type { DataverseRow, FieldValues } from '../common/records.ts';
import { amountColumns } from './customerStatistics.ts';
import { planStatistics, type WrittenStatistics } from './statisticsRow.ts';

const id = (number: number) => dataverseId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);
const [accountId, own, linked, currency, fresh] = [id(1), id(2), id(3), id(4), id(5)];
const keys = { own, replacing: () => fresh };
const values = { nav_name: 'Adatum', nav_customerno: '10000', nav_balancelcy: 5 };
const stored = { ...values, transactioncurrencyid: currency };

function row(rowId: typeof own, of: FieldValues): DataverseRow {
  return {
    id: rowId,
    etag: 'W/"1"',
    modifiedAt: instant('2026-03-10'),
    modifiedBy: null,
    values: of,
    lookupTables: {},
  };
}
const account = (lookup: string | null) => row(accountId, { nav_accountstatisticsid: lookup });
const written = (statisticsId: typeof own): WrittenStatistics => {
  const customer = businessCentralId('00000000-0000-4000-8000-000000000009');
  return { businessCentralId: customer, accountId, statisticsId, digest: 'd', errorId: null };
};

describe('the row of a customer', () => {
  it('is created under a key made of the customer, linked, and counted as inserted (ST-20, ST-30)', () => {
    const plan = planStatistics(
      values,
      currency,
      { account: account(null), rows: [], strays: [] },
      null,
      keys,
    );
    expect(plan).toMatchObject({
      id: own,
      row: null,
      link: true,
      counter: 'inserted',
      values: { nav_balancelcy: 5, nav_totallcy: 0 },
    });
    expect(plan.starting).toMatchObject({
      nav_customerno: '10000',
      nav_balancelcy: 1,
      transactioncurrencyid: { id: currency },
    });
  });

  it('is the one the account points at, before any other (ST-31)', () => {
    const found = { account: account(linked), rows: [row(own, stored), row(linked, stored)], strays: [] };
    expect(planStatistics(values, currency, found, written(own), keys)).toMatchObject({
      id: linked,
      link: false,
      counter: 'unchanged',
      values: {},
    });
  });

  it('is linked when an earlier run made it and was cut off, and gets its values (ST-23, ST-30)', () => {
    const begun = { ...stored, ...Object.fromEntries(amountColumns.map((column) => [column, 1])) };
    const plan = planStatistics(
      values,
      currency,
      { account: account(null), rows: [row(own, begun)], strays: [] },
      null,
      keys,
    );
    expect(plan).toMatchObject({
      id: own,
      link: true,
      counter: 'inserted',
      values: { nav_balancelcy: 5, nav_totallcy: 0 },
    });
  });

  it('is a stray one of the same number only when the name is the same, too (ST-30, ST-31)', () => {
    const strays = [row(id(7), { ...stored, nav_name: 'Adatum in another company' }), row(id(8), stored)];
    const found = { account: account(null), rows: [], strays };
    expect(planStatistics(values, currency, found, null, keys)).toMatchObject({
      id: id(8),
      link: true,
      counter: 'modified',
    });
    const [other] = strays;
    expect(
      planStatistics(values, currency, { ...found, strays: other ? [other] : [] }, null, keys),
    ).toMatchObject({ row: null });
  });

  it('counts as inserted when its customer number was blank, as modified when anything differs (ST-22, ST-23)', () => {
    const of = (values: FieldValues) => ({
      account: account(linked),
      rows: [row(linked, values)],
      strays: [],
    });
    expect(
      planStatistics(values, currency, of({ ...stored, nav_customerno: null }), null, keys).counter,
    ).toBe('inserted');
    expect(planStatistics(values, currency, of({ ...stored, nav_balancelcy: 4 }), null, keys)).toMatchObject({
      counter: 'modified',
      values: { nav_balancelcy: 5 },
    });
    expect(
      planStatistics(values, currency, of({ ...stored, transactioncurrencyid: id(6) }), null, keys).counter,
    ).toBe('modified');
  });

  it('gets another key when it was deleted, so that the old one can be restored', () => {
    const found = { account: account(null), rows: [], strays: [] };
    expect(planStatistics(values, currency, found, written(own), keys)).toMatchObject({
      id: fresh,
      row: null,
    });
  });
});
