/** Parents that are synchronised first (E-66, E-98, E-165). */
import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

async function contactRun(customersMayBeCreated: boolean) {
  world = await startWorld({
    change: (mapping) => ({
      ...mapping,
      syncOnlyCoupled: mapping.name === 'CUSTOMER' ? !customersMayBeCreated : false,
    }),
  });
  await world.run('SALESPEOPLE', 'fullSync');
  await world.run('CURRENCY', 'fullSync');
  return world.run('CONTACT', 'manual');
}

describe('a Sales contact whose account is not coupled', () => {
  it('brings the account along when CUSTOMER may create, whatever its watermark says', async () => {
    const [, fromSales] = await contactRun(true);
    expect(fromSales?.counts).toMatchObject({ inserted: 16, failed: 1 });
    expect(world.businessCentral.records('customers')).toHaveLength(63 + 10);
    const company = world.businessCentral
      .records('customers')
      .find((row) => row['displayName'] === 'Fourth Coffee (sample)');
    expect(company).toBeDefined();
  });

  it('waits as a dependency when CUSTOMER keeps to coupled records', async () => {
    const [, fromSales] = await contactRun(false);
    expect(world.businessCentral.records('customers')).toHaveLength(63);
    const errors = (await world.openErrors('CONTACT')).filter(
      ({ direction }) => direction === 'toBusinessCentral',
    );
    expect(errors.length).toBe(fromSales?.counts.failed);
    expect(
      errors.every(({ kind, code }) => kind === 'dependency' && code === 'contact-company-missing'),
    ).toBe(true);
  });
});
