/** The stage between applying and recording: what is written beside a record, and that crashes and repeats do no harm. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runPass } from '../../shared/app/run/runPass.ts';
import { meteredPorts, openRunScope, type RunRequest } from '../../shared/app/run/runScope.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { businessCentralId, dataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { dataverseIdFor } from '../../shared/domain/couplings/dataverseIdFor.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { type EntityRule, plainRule } from '../../shared/domain/sync/entityRule.ts';
import type { FollowUpWrite, RelatedRead } from '../../shared/domain/sync/followUps.ts';
import { intercept, once } from './intercept.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  await world.run('SALESPEOPLE', 'fullSync');
  await world.run('CURRENCY', 'fullSync');
});
afterEach(() => world.close());

const listName = 'Follow-up List';
const listRead: RelatedRead = {
  side: 'dataverse',
  table: 'pricelevel',
  attributes: ['name'],
  attribute: 'name',
  value: listName,
};

/** Makes one price list for all accounts, and then notes it in each account's description. */
const listRule: EntityRule = {
  ...plainRule,
  references: () => [],
  relatedReads: () => [listRead],
  followUps: (_pass, { dataverse }, related, { companyId }) => {
    const id = dataverseIdFor(companyId, mappingName('FOLLOW-UP'), businessCentralId(companyId));
    const currency = world.dataverse.rows('transactioncurrency')[0]?.['transactioncurrencyid'];
    const values = {
      name: listName,
      transactioncurrencyid: { table: 'transactioncurrency', id: dataverseId(String(currency)) },
    };
    const list: FollowUpWrite = { kind: 'createRow', phase: 0, table: 'pricelevel', id, values };
    const noted = { description: listName };
    const note: FollowUpWrite = {
      kind: 'updateRow',
      phase: 1,
      table: 'account',
      row: dataverse,
      values: noted,
    };
    const writes = [
      ...(related.rows(listRead).length === 0 ? [list] : []),
      ...(dataverse.values['description'] === listName ? [] : [note]),
    ];
    return { kind: 'writes', writes };
  },
};

async function run(rule: EntityRule, ports: SyncPorts = world.ports, changes: Partial<RunRequest> = {}) {
  const mapping = findMapping(world.mappings, mappingName('CUSTOMER'));
  const customer = {
    ...mapping,
    dataverse: { ...mapping.dataverse, extraAttributes: ['description'] },
  };
  const request: RunRequest = {
    job: 'CUSTOMER',
    mapping: mapping.name,
    runId: ports.ids.runId(ports.clock.now()),
    trigger: 'fullSync',
    onlyCoupled: false,
    fromScratch: true,
    firstTime: 'businessCentralWins',
    manner: 'judge',
    assumeChanged: false,
    chosen: null,
    dryRun: false,
    ...changes,
  };
  const { state } = await ports.mappings.get(mapping.name);
  const scope = await openRunScope(
    meteredPorts(ports),
    world.mappings,
    customer,
    request,
    { state, lease: null },
    async () => {},
  );
  const next = {
    businessCentral: { newest: null, settledUntil: null, readAt: null },
    dataverse: null,
    tokenExpired: false,
  };
  const { syncJob } = await runPass({ ...scope, rule }, 'toDataverse', next, null);
  return { counts: syncJob.counts, requests: syncJob.requests, planned: scope.planned };
}

function lists() {
  return world.dataverse.rows('pricelevel').filter((row) => row['name'] === listName);
}

function noted() {
  return world.dataverse.rows('account').filter((row) => row['description'] === listName);
}

describe('follow-ups of a page', () => {
  it('are written phase by phase and in bulk, and a wish many records share is one write (E-43)', async () => {
    const plain = await run(plainRule, world.ports, { dryRun: true });
    expect(plain.counts.inserted).toBe(63);
    const { counts, requests } = await run(listRule);
    expect(counts).toMatchObject({ inserted: 63, failed: 0 });
    expect(lists()).toHaveLength(1);
    expect(noted()).toHaveLength(63);
    // Beside those of the plan and the creates: the lists by name, the one list, the notes; the metadata of price lists; and
    // the row of our company, once for ever.
    expect(requests.dataverse).toBeLessThanOrEqual(plain.requests.dataverse + 1 + 3 + 2 + 1);
  });

  it('change nothing when they are repeated (P4)', async () => {
    await run(listRule);
    const before = world.dataverse.rows('account').map((row) => row['versionnumber']);
    const { counts } = await run(listRule);
    expect(counts).toMatchObject({ inserted: 0, modified: 0, unchanged: 63, failed: 0 });
    expect(world.dataverse.rows('account').map((row) => row['versionnumber'])).toEqual(before);
  });

  it('are not written by a dry run', async () => {
    const { counts, planned } = await run(listRule, world.ports, { dryRun: true });
    expect(counts.inserted).toBe(63);
    expect(planned).toHaveLength(63);
    expect(lists()).toEqual([]);
    expect(world.dataverse.rows('account')).toHaveLength(15);
  });
});

describe('follow-ups that do not get through', () => {
  it('are done by the next run after a crash before anything was recorded (P2)', async () => {
    const couplings = intercept(world.ports.couplings, {
      save: () => async () => {
        throw new Error('the host went away');
      },
    });
    await expect(run(listRule, { ...world.ports, couplings })).rejects.toThrow('the host went away');
    expect(noted()).toHaveLength(63);
    const { counts } = await run(listRule);
    expect(counts).toMatchObject({ inserted: 63, failed: 0 });
    expect(world.dataverse.rows('account')).toHaveLength(63 + 15);
    expect(lists()).toHaveLength(1);
  });

  it('are done by the next run after a crash between the create and the follow-up (P2)', async () => {
    const dataverse = intercept(world.ports.dataverse, {
      update: () => async () => {
        throw new Error('the host went away');
      },
    });
    await expect(run(listRule, { ...world.ports, dataverse })).rejects.toThrow('the host went away');
    expect(noted()).toEqual([]);
    const { counts } = await run(listRule);
    expect(counts).toMatchObject({ inserted: 63, failed: 0 });
    expect(noted()).toHaveLength(63);
    expect(world.dataverse.rows('account')).toHaveLength(63 + 15);
  });

  it('leave their record coupled and failed, and the next run cures it (P5)', async () => {
    const refused = {
      status: 'refused',
      problem: { kind: 'data', serviceCode: '0x1', message: 'no', status: 400 },
    } as const;
    const dataverse = intercept(world.ports.dataverse, {
      update: () => async (_selection, updates) => updates.map(() => refused),
    });
    const { counts } = await run(listRule, { ...world.ports, dataverse });
    expect(counts).toMatchObject({ inserted: 0, failed: 63 });
    const errors = await world.openErrors('CUSTOMER');
    expect(errors.map(({ code }) => code)).toEqual(errors.map(() => 'follow-up-failed'));
    const coupled = await world.ports.couplings.unsettled(mappingName('CUSTOMER'));
    expect(coupled).toHaveLength(63);
    const healed = await run(listRule);
    expect(healed.counts).toMatchObject({ failed: 0, modified: 63 });
    expect(noted()).toHaveLength(63);
    expect(await world.openErrors('CUSTOMER')).toEqual([]);
  });

  it('that are refused twice for the same reason wait for a user (E-57)', async () => {
    const refused = {
      status: 'refused',
      problem: { kind: 'data', serviceCode: '0x1', message: 'no', status: 400 },
    } as const;
    const dataverse = intercept(world.ports.dataverse, {
      update: () => async (_selection, updates) => updates.map(() => refused),
    });
    await run(listRule, { ...world.ports, dataverse });
    const { counts } = await run(listRule, { ...world.ports, dataverse });
    expect(counts).toMatchObject({ skipped: 63, failed: 0 });
    expect(await world.openErrors('CUSTOMER')).toHaveLength(63);
  });

  it('are decided anew when a row changed meanwhile, and its user keeps the change (P1)', async () => {
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      update: (original) =>
        once(
          original,
          async (update, selection, updates) => {
            const id = String(updates[0]?.id);
            world.dataverse.edit('account', id, { telephone1: '555-0123' }, 'alice');
            return update(selection, updates);
          },
          state,
        ),
    });
    const { counts } = await run(listRule, { ...world.ports, dataverse });
    expect(counts).toMatchObject({ inserted: 63, failed: 0 });
    expect(noted()).toHaveLength(63);
    await world.run('CUSTOMER');
    const phones = world.businessCentral.records('customers').map((row) => row['phoneNumber']);
    expect(phones).toContain('555-0123');
  });
});

describe('a follow-up that updates a record coupled in another mapping', () => {
  const currencyRead = (id: string): RelatedRead => ({
    side: 'dataverse',
    table: 'transactioncurrency',
    attributes: ['currencyname'],
    attribute: 'id',
    value: id,
  });
  /** Renames the euro; every account wants the same. */
  const renameRule = (id: string): EntityRule => ({
    ...plainRule,
    relatedReads: () => [currencyRead(id)],
    followUps: (_pass, _done, related) => {
      const [row] = related.rows(currencyRead(id) as Extract<RelatedRead, { side: 'dataverse' }>);
      if (!row || row.values['currencyname'] === 'Renamed') return { kind: 'writes', writes: [] };
      const values = { currencyname: 'Renamed' };
      return {
        kind: 'writes',
        writes: [{ kind: 'updateRow', phase: 0, table: 'transactioncurrency', row, values }],
      };
    },
  });

  async function baseOfName(id: string) {
    const query = { mapping: mappingName('CURRENCY') };
    const { rows } = await world.ports.couplings.list(query, { top: 1000, continuation: null });
    return rows.find(({ dataverseId }) => dataverseId === id)?.base?.['currencyname'];
  }

  function euro(): string {
    const row = world.dataverse.rows('transactioncurrency').find((each) => each['isocurrencycode'] === 'EUR');
    return String(row?.['transactioncurrencyid']);
  }

  it('moves the base along, so that it does not look like a user change (E-46)', async () => {
    const before = await baseOfName(euro());
    const { counts } = await run(renameRule(euro()));
    expect(counts).toMatchObject({ inserted: 63, failed: 0 });
    const after = await baseOfName(euro());
    expect(after?.businessCentral).toBe(before?.businessCentral);
    expect(after?.dataverse).not.toBe(before?.dataverse);
  });

  it('leaves the base of a field a user had changed, so that the change still synchronises (E-46)', async () => {
    const before = await baseOfName(euro());
    world.dataverse.edit('transactioncurrency', euro(), { currencyname: 'Typed by Alice' }, 'alice');
    await run(renameRule(euro()));
    expect(await baseOfName(euro())).toEqual(before);
  });
});
