/** The demo company loads whole and its pages agree with the files. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoBusinessCentralData } from './demoData.ts';
import { findSet } from './schema/schema.ts';
import { demoData, startService, type TestService } from './testSupport.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.simulator.close());

/** Amounts that are added up from the documents at the day of the clock; the files hold those of one day, or of none. */
const addedUp = [
  'balanceDue',
  'overdueAmount',
  'balanceDueLcy',
  'outstandingOrdersLcy',
  'shippedNotInvoicedLcy',
  'outstandingInvoicesLcy',
];

/** What the row decides, not the page: the later of the two stamps, and the row version. */
const stampProperties = ['lastModifiedDateTime', 'systemRowVersion', 'systemCreatedAt'];

describe('demo data', () => {
  it('serves every record of every file with the values of the file', () => {
    const differences: string[] = [];
    for (const [name, records] of Object.entries(demoData())) {
      if (['companies', 'contactsInformation', 'customerSales'].includes(name)) continue;
      expect(service.simulator.records(name), name).toHaveLength(records.length);
      for (const expected of records) {
        const shown = service.simulator.record(name, String(expected['id']));
        for (const [property, value] of Object.entries(expected)) {
          if ([...stampProperties, ...addedUp].includes(property) || shown?.[property] === value) continue;
          differences.push(
            `${name}.${property}: ${JSON.stringify(value)} shown ${JSON.stringify(shown?.[property])}`,
          );
        }
      }
    }
    expect(differences.slice(0, 20)).toEqual([]);
  });

  it('has 63 customers, 359 contacts and 39 currencies', async () => {
    expect(await service.list('customers')).toHaveLength(63);
    expect(await service.list('contacts')).toHaveLength(359);
    expect(await service.list('currencies')).toHaveLength(39);
  });

  it('shows the contacts of each customer as the file lists them', async () => {
    const expected = demoData()['contactsInformation'] ?? [];
    const [first] = expected;
    const shown = await service.list(`customers(${first?.['relatedId']})/contactsInformation`);
    const ids = expected.filter((each) => each['relatedId'] === first?.['relatedId']);
    expect(shown.map((each) => each.contactId).sort()).toEqual(ids.map((each) => each['contactId']).sort());
  });

  it('sums sales per customer as the file does', async () => {
    const shown = await service.list('customerSales');
    const totals = Object.fromEntries(shown.map((each) => [each.customerNumber, each.totalSalesAmount]));
    for (const each of demoData()['customerSales'] ?? []) {
      expect(totals[String(each['customerNumber'])]).toBe(each['totalSalesAmount']);
    }
  });

  it('takes the later stamp when the pages of one record disagree', async () => {
    const [customer] = await service.list("customers?$filter=number eq '10000'");
    expect(customer.lastModifiedDateTime).toBe('2026-01-05T12:10:59.07Z');
  });

  it('serves an empty second company with local currency, country codes and nothing else', async () => {
    const { body } = await service.call('GET', 'v2.0/companies');
    const other = body.value.find((each: { name: string }) => each.name === 'My Company');
    const set = (name: string) => service.call('GET', `v2.0/companies(${other.id})/${name}`);
    expect((await set('customers')).body.value).toEqual([]);
    expect((await set('generalLedgerSetup')).body.value[0].localCurrencyCode).toBe('GBP');
    expect((await set('countriesRegions')).body.value.length).toBeGreaterThan(200);
    expect((await set('currencies')).body.value).toEqual([]);
  });

  it('names file and problem when a file is wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    writeFileSync(
      join(folder, 'customers.json'),
      '{"entitySet":"customers","route":"v2.0","value":[{"id":"1","nme":2}]}',
    );
    writeFileSync(join(folder, 'items.json'), '{');
    expect(() => loadDemoBusinessCentralData(folder)).toThrow(
      /customers\.json: value\[0\] has an unknown property "nme"\nitems\.json: is not JSON/,
    );
  });

  it('has a schema for every gap of the companion pages', () => {
    for (const name of [
      'contactBusinessRelations',
      'integrationSetup',
      'salesOrderLineExtras',
      'vendorExtras',
    ]) {
      expect(findSet(name)?.route).toBe('openSync/salesIntegration/v1.0');
    }
    expect(findSet('contactExtras')?.property.get('salutationCode')?.readOnly).toBe(false);
    expect(findSet('resources')?.insertAllowed).toBe(true);
  });
});
