/** Removing couplings (E-123 to E-125). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executeAction } from '../../shared/app/actions/executeAction.ts';
import { requestAction } from '../../shared/app/actions/requestAction.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { act, couplingsOf, planOf } from './acting.ts';
import { intercept } from './intercept.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER', 'CONTACT']) await world.run(job, 'fullSync');
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

/** The row without what every write changes, and without the company it belongs to. */
function mappedValues(accountId: string) {
  const { modifiedon, versionnumber, _modifiedby_value, _bcbi_companyid_value, ...values } =
    world.dataverse.row('account', accountId) ?? {};
  return values;
}

describe('uncoupling', () => {
  it.each(['businessCentralId', 'dataverseId'] as const)(
    'a record named by its %s leaves both records as they are (E-123, E-124)',
    async (side) => {
      const coupling = await adatum();
      const ours = world.businessCentral.record('customers', coupling.businessCentralId);
      const theirs = mappedValues(coupling.dataverseId);
      const [row] = await act(world, 'CUSTOMER', one({ [side]: coupling[side] } as never));
      expect(row).toMatchObject({ type: 'uncoupling', counts: { uncoupled: 1, failed: 0 } });
      expect(world.businessCentral.record('customers', coupling.businessCentralId)).toEqual(ours);
      expect(mappedValues(coupling.dataverseId)).toEqual(theirs);
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

  it('takes our company off the account, and counts that as Modified (E-88, E-123)', async () => {
    const coupling = await adatum();
    const [row] = await act(world, 'CUSTOMER', one({ dataverseId: coupling.dataverseId }));
    expect(row?.counts).toMatchObject({ modified: 1, uncoupled: 1 });
    expect(world.dataverse.row('account', coupling.dataverseId)?.['_bcbi_companyid_value']).toBeNull();
  });

  it('of a whole mapping frees rows that carry our company without a coupling, too (E-124)', async () => {
    const coupling = await adatum();
    const company = world.dataverse.row('account', coupling.dataverseId)?.['_bcbi_companyid_value'];
    await act(world, 'CUSTOMER', one({ dataverseId: coupling.dataverseId }));
    const bind = { 'bcbi_CompanyId@odata.bind': `/bcbi_companies(${company})` };
    world.dataverse.edit('account', coupling.dataverseId, bind, 'alice');
    const left = (await couplingsOf(world, 'CUSTOMER')).length;
    const [row] = await act(world, 'CUSTOMER', { kind: 'uncoupleAll' });
    expect(row?.counts).toMatchObject({ uncoupled: left, modified: left + 1, failed: 0 });
    const stuck = world.dataverse
      .rows('account')
      .filter((each) => each['customertypecode'] === 3 && each['_bcbi_companyid_value'] !== undefined);
    expect(stuck.filter((each) => each['_bcbi_companyid_value'] !== null)).toEqual([]);
  });

  it('keeps the coupling of an account that cannot be written, and says why (E-123)', async () => {
    const coupling = await adatum();
    const refused = {
      kind: 'permission',
      status: 403,
      serviceCode: '0x80040220',
      message: 'No right to write.',
    } as const;
    const dataverse = intercept(world.ports.dataverse, {
      update: () => async (_selection, updates) =>
        updates.map(() => ({ status: 'refused', problem: refused }) as const),
    });
    const ports = { ...world.ports, dataverse };
    const task = one({ dataverseId: coupling.dataverseId });
    const run = await requestAction(ports, mappingName('CUSTOMER'), task, 'tester');
    await executeAction(ports, world.mappings, run);
    const [row] = (await ports.logs.listSyncJobs({ runId: run.runId }, { top: 5, continuation: null })).rows;
    expect(row?.counts).toMatchObject({ uncoupled: 0, failed: 1 });
    expect((await world.openErrors('CUSTOMER')).map(({ code }) => code)).toContain('uncouple-failed');
    expect((await couplingsOf(world, 'CUSTOMER')).map(({ dataverseId }) => dataverseId)).toContain(
      coupling.dataverseId,
    );
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
