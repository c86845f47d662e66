/** Removing couplings (E-123 to E-125). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, couplingsOf, planOf } from './acting.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.fullSync();
});
afterEach(() => world.close());

async function adatum() {
  const couplings = await couplingsOf(world, 'CUSTOMER');
  const coupling = couplings.find(({ dataverseName }) => dataverseName === 'Adatum Corporation');
  if (!coupling) throw new Error('Adatum is not coupled');
  return coupling;
}

const one = (key: { businessCentralId: string } | { dataverseId: string }) =>
  ({ kind: 'uncouple', records: [{ businessCentralId: null, dataverseId: null, ...key }] }) as never;

describe('uncoupling', () => {
  it.each(['businessCentralId', 'dataverseId'] as const)(
    'a record named by its %s leaves both records as they are (E-123, E-124)',
    async (side) => {
      const coupling = await adatum();
      const before = [
        world.businessCentral.record('customers', coupling.businessCentralId),
        world.dataverse.row('account', coupling.dataverseId),
      ];
      const [row] = await act(world, 'CUSTOMER', one({ [side]: coupling[side] } as never));
      expect(row).toMatchObject({ type: 'uncoupling', counts: { uncoupled: 1, failed: 0 } });
      expect([
        world.businessCentral.record('customers', coupling.businessCentralId),
        world.dataverse.row('account', coupling.dataverseId),
      ]).toEqual(before);
      expect((await couplingsOf(world, 'CUSTOMER')).map(({ dataverseId }) => dataverseId)).not.toContain(
        coupling.dataverseId,
      );
    },
  );

  it('lets a later run neither couple nor write the two records again while the mapping keeps to coupled records', async () => {
    const coupling = await adatum();
    await act(world, 'CUSTOMER', one({ dataverseId: coupling.dataverseId }));
    world.businessCentral.edit('customers', coupling.businessCentralId, { city: 'Oxford' }, 'bob');
    const rows = await world.run('CUSTOMER');
    expect(rows.map(({ counts }) => [counts.inserted, counts.modified])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('a customer also uncouples the contacts of both sides of the pair, and no others (E-125)', async () => {
    const coupling = await adatum();
    const belongs = (dataverseId: string) =>
      world.dataverse.row('contact', dataverseId)?.['_parentcustomerid_value'] === coupling.dataverseId;
    const before = await couplingsOf(world, 'CONTACT');
    const own = before.filter(({ dataverseId }) => belongs(dataverseId));
    expect(own.length).toBeGreaterThan(0);
    const rows = await act(world, 'CUSTOMER', one({ dataverseId: coupling.dataverseId }));
    expect(rows).toHaveLength(1);
    const after = await couplingsOf(world, 'CONTACT');
    expect(after).toHaveLength(before.length - own.length);
    expect(after.some(({ dataverseId }) => belongs(dataverseId))).toBe(false);
  });

  it('a whole mapping removes every coupling of it (E-124)', async () => {
    const before = (await couplingsOf(world, 'SALESPEOPLE')).length;
    const [row] = await act(world, 'SALESPEOPLE', { kind: 'uncoupleAll' });
    expect(row?.counts).toMatchObject({ uncoupled: before });
    expect(await couplingsOf(world, 'SALESPEOPLE')).toEqual([]);
  });

  it('is planned coupling by coupling, and a dry run removes none', async () => {
    const before = await couplingsOf(world, 'CURRENCY');
    const plan = await planOf(world, 'CURRENCY', { kind: 'uncoupleAll' });
    expect(plan.actions.filter(({ kind }) => kind === 'uncouple')).toHaveLength(before.length);
    expect(await couplingsOf(world, 'CURRENCY')).toEqual(before);
  });

  it('closes the error of a coupling that failed', async () => {
    const coupling = await adatum();
    await world.advanceMinutes(5);
    world.businessCentral.edit('customers', coupling.businessCentralId, { city: 'Oxford' }, 'bob');
    world.dataverse.edit('account', coupling.dataverseId, { address1_city: 'Tromsø' }, 'alice');
    await world.run('CUSTOMER');
    const ofAdatum = async () =>
      (await world.openErrors('CUSTOMER')).filter(({ dataverseId }) => dataverseId === coupling.dataverseId);
    expect(await ofAdatum()).toHaveLength(1);
    await act(world, 'CUSTOMER', one({ dataverseId: coupling.dataverseId }));
    expect(await ofAdatum()).toEqual([]);
  });
});
