/** The demo company in every set-up that changes which mappings exist: what comes out, and that nothing fails unexplained. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMappingCatalog } from '../../shared/app/mappings/mappingCatalog.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import type { MappingVariants } from '../../shared/domain/mappings/variants.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let first: Counts;

type Counts = Readonly<Record<string, string>>;

/** Synchronises everything once. */
function synchronise(features: Partial<MappingVariants>): void {
  beforeAll(async () => {
    world = await startWorld({ features });
    first = await countsOfAll();
  });
  afterAll(() => world.close());
}

/** By mapping, `inserted+modified` of each row of the log, and failures. */
async function countsOfAll(): Promise<Counts> {
  const counts = new Map<string, string>();
  for (const { name } of world.mappings) {
    const rows = (await world.run(name, 'fullSync')).map(({ counts: { inserted, modified, failed } }) => {
      return failed === 0 ? `${inserted}+${modified}` : `${inserted}+${modified}, ${failed} failed`;
    });
    counts.set(name, rows.join(' | '));
  }
  return Object.fromEntries(counts);
}

/** What is the same in every set-up. */
const always = {
  CURRENCY: '36+3',
  'PAYMENT TERMS': '11+0',
  'SHIPMENT METHOD': '14+1',
  'SHIPPING AGENT': '1+3',
  CUSTOMER: '63+0 | 10+0, 1 failed',
  VENDOR: '5+0 | 1+0',
  CONTACT: '104+0 | 16+0, 1 failed',
  'POSTEDSALESINV-INV': '38+0 | 58+0',
  'POSTEDSALESLINE-INV': '0+0',
};

/** What fails for reasons that lie in the demo data. */
const explained = [
  'CONTACT contact-company-missing',
  'CUSTOMER insert-failed',
  'OPPORTUNITY record-not-coupled',
  'RESOURCE-PRODUCT unit-group-shared',
];

async function expectNothingUnexplained(): Promise<void> {
  const errors = await world.openErrors();
  const failures = new Set(errors.map(({ mapping, code }) => `${mapping} ${code}`));
  expect([...failures].filter((failure) => !explained.includes(failure))).toEqual([]);
}

async function expectNothingMore(): Promise<void> {
  const again = Object.entries(await countsOfAll());
  const writing = again.filter(([, text]) => text.split(' | ').some((row) => !row.startsWith('0+0')));
  expect(writing).toEqual([]);
}

describe('team ownership with new prices', () => {
  synchronise({ ownershipModel: 'team', priceExperience: 'new' });

  it('brings everything but salespeople, price lists in place of price groups, and no opportunities of companies (E-70, E-106, D-139)', async () => {
    expect(first).toEqual({
      ...always,
      'UNIT OF MEASURE': '22+0',
      'RESOURCE-PRODUCT': '10+0 | 1+0',
      'ITEM-PRODUCT': '139+5 | 0+0',
      'PLHEADER-PRICE': '3+0 | 36+0',
      'PLLINE-PRODPRICE': '0+0',
      OPPORTUNITY: '12+0, 14 failed | 5+0',
    });
    await expectNothingUnexplained();
  });

  it('gives what it makes to the team of the company, and stamps it (E-70, E-88)', () => {
    const team = world.dataverse.rows('team').find((row) => row['name'] === 'BCI - contoso')?.['teamid'];
    const company = world.dataverse.rows('bcbi_company')[0]?.['bcbi_companyid'];
    const ours = (table: string) =>
      world.dataverse
        .rows(table)
        .filter((row) => row['_ownerid_value'] === team && row['_bcbi_companyid_value'] === company);
    expect(ours('account')).toHaveLength(63 + 5);
    expect(ours('contact')).toHaveLength(104);
    expect(ours('opportunity')).toHaveLength(12);
  });

  it('writes nothing more when it is repeated (P4)', expectNothingMore);

  it('moves no owner when the salesperson changes (E-70)', async () => {
    const [customer] = world.businessCentral.records('customers');
    const other = world.businessCentral
      .records('salespeoplePurchasers')
      .find(({ code }) => code !== customer?.['salespersonCode']);
    const salespersonCode = String(other?.['code']);
    world.businessCentral.edit('customers', String(customer?.['id']), { salespersonCode }, 'bob');
    await world.advanceMinutes(30);
    const [toSales] = await world.run('CUSTOMER');
    expect(toSales?.counts).toMatchObject({ modified: 0, failed: 0 });
  });
});

describe('unit groups with classic prices', () => {
  synchronise({ unitGroups: true });

  it('bring a group with its units for every item and resource in place of units of measure (E-94)', async () => {
    expect(first).toEqual({
      ...always,
      SALESPEOPLE: '4+8',
      'UNIT GROUP': '154+0',
      'ITEM UOM': '157+0',
      'RESOURCE UOM': '11+0',
      // A product of Sales that shares the group Sales comes with has none of its own (E-94).
      'RESOURCE-PRODUCT': '10+0 | 0+0, 1 failed',
      'ITEM-PRODUCT': '139+5 | 0+0',
      'CUSTPRCGRP-PRICE': '3+0 | 45+0',
      'SALESPRC-PRODPRICE': '0+0',
      OPPORTUNITY: '12+0, 22 failed | 5+0',
    });
    await expectNothingUnexplained();
  });

  it('give each unit of an item a line of the default list, also where the product was there before (E-103)', () => {
    const desk = world.dataverse.rows('product').find((row) => row['productnumber'] === '1896-S');
    const unitNames = new Map(world.dataverse.rows('uom').map((row) => [row['uomid'], row['name']]));
    const lines = world.dataverse
      .rows('productpricelevel')
      .filter(
        (row) =>
          row['_productid_value'] === desk?.['productid'] &&
          row['_pricelevelid_value'] === desk?.['_pricelevelid_value'],
      );
    const price = Number(desk?.['price']);
    const amounts = Object.fromEntries(
      lines.map((row) => [unitNames.get(row['_uomid_value']), row['amount']]),
    );
    // The group's own base unit comes with the group.
    expect(amounts).toEqual({ 'ITEM 1896-S UOM GR': price, PCS: price, BOX: price * 4 });
    expect(desk?.['statecode']).toBe(0);
  });

  it('write nothing more when everything is repeated (P4)', expectNothingMore);
});

describe('the set-up of the company', () => {
  it('is found in Business Central, and decides which mappings there are', async () => {
    const empty = await startWorld({ demo: false });
    try {
      const noFiles = { read: async () => ({ files: [], unreadable: [] }) };
      const settings = { ownershipModel: 'person', orderIntegration: 'off' } as const;
      const names = async () => {
        const catalog = createMappingCatalog(empty.ports, noFiles, settings);
        return (await catalog.current()).mappings.map(({ name }) => name);
      };
      expect(await names()).toEqual(defaultMappings('person').map(({ name }) => name));
      const [setup] = empty.businessCentral.records('integrationSetup');
      const changed = { unitGroupMapping: true, extendedPricing: true };
      empty.businessCentral.edit('integrationSetup', String(setup?.['id']), changed, 'bob');
      const features = { unitGroups: true, priceExperience: 'new' } as const;
      expect(await names()).toEqual(defaultMappings('person', features).map(({ name }) => name));
    } finally {
      await empty.close();
    }
  });
});
