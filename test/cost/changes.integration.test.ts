/** Exact request counts of runs over k changes of N coupled customers, beside the cost model (P10). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { type Cost, type CostWorld, startCostWorld } from './costWorld.ts';
import {
  findByBusinessCentralId,
  findByDataverseId,
  modelRequests,
  modelTableRequests,
  saveCouplings,
} from './formulas.ts';

const slow = 120_000;

/**
 * Table requests of every run, whatever it finds: lease 2 (read, take), log 1 (both rows together), lease and watermarks
 * 1. The model allows 2 when nothing changed.
 */
const always = 4;
/** The row of each pass that writes is written before it does, the first one's finish with the next row. */
const perWritingPass = 1;

/** Every value differs from all before, so that each edit is a change. */
let edits = 0;
function fresh(): string {
  edits += 1;
  return `${edits}`;
}

interface Case {
  readonly title: string;
  /** Changes on the Business Central side, and on the Dataverse side. */
  readonly changes: (k: number) => readonly [number, number];
  /** Accounts that change tracking reports to the second pass: those users changed and those the first pass wrote. */
  readonly met: (k: number) => number;
  edit(world: CostWorld, k: number): void;
  /** Requests to the two services; they depend neither on N nor, up to 100, on k. */
  readonly seen: Pick<Cost, 'businessCentral' | 'dataverse'>;
  /**
   * Whether table requests stay within the model, too. What the first pass wrote is looked up once more by the second,
   * and each pass that writes has its log row first.
   */
  readonly tablesWithinModel: boolean;
}

const cases: readonly Case[] = [
  {
    title: 'changes in Business Central',
    changes: (k) => [k, 0],
    met: (k) => k,
    edit: (world, k) => world.editCustomers({ from: 1, count: k }, { city: fresh() }),
    // Business Central: changes, companions. Dataverse: rows by id, write, changes.
    seen: { businessCentral: 2, dataverse: 3 },
    tablesWithinModel: false,
  },
  {
    title: 'changes in Dataverse',
    changes: (k) => [0, k],
    met: (k) => k,
    edit: (world, k) => world.editAccounts({ from: 1, count: k }, { address1_city: fresh() }),
    // Business Central: changes, records and companions by id (2), write. Dataverse: changes.
    seen: { businessCentral: 4, dataverse: 1 },
    tablesWithinModel: true,
  },
  {
    title: 'changes in Dataverse that go to the companion page only',
    changes: (k) => [0, k],
    met: (k) => k,
    edit: (world, k) => world.editAccounts({ from: 1, count: k }, { fax: fresh() }),
    seen: { businessCentral: 4, dataverse: 1 },
    tablesWithinModel: true,
  },
  {
    title: 'changes in Dataverse that go to the main page and the companion page',
    changes: (k) => [0, k],
    met: (k) => k,
    edit: (world, k) => world.editAccounts({ from: 1, count: k }, { address1_city: fresh(), fax: fresh() }),
    // Three more than above: the companion row is read for its etag, written, and the main row read again for its own.
    seen: { businessCentral: 7, dataverse: 1 },
    tablesWithinModel: true,
  },
  {
    title: 'changes of different customers on both sides',
    changes: (k) => [k, k],
    met: (k) => 2 * k,
    edit: (world, k) => {
      world.editCustomers({ from: 1, count: k }, { city: fresh() });
      world.editAccounts({ from: k + 1, count: k }, { address1_city: fresh() });
    },
    // Both of the above without the second look at changes: 2 + 3 and 3.
    seen: { businessCentral: 5, dataverse: 3 },
    tablesWithinModel: false,
  },
  {
    title: 'changes of different fields of the same customers on both sides',
    changes: (k) => [k, k],
    met: (k) => k,
    edit: (world, k) => {
      world.editCustomers({ from: 1, count: k }, { city: fresh() });
      world.editAccounts({ from: 1, count: k }, { telephone1: fresh() });
    },
    seen: { businessCentral: 5, dataverse: 3 },
    tablesWithinModel: false,
  },
];

function tableRequests([ours, theirs]: readonly [number, number], met: number, couplings: number): number {
  const find = findByBusinessCentralId(ours, couplings) + findByDataverseId(met, couplings);
  const writingPasses = [ours, theirs].filter((changed) => changed > 0).length;
  return always + perWritingPass * writingPasses + find + saveCouplings(ours) + saveCouplings(theirs);
}

describe.each([1_000, 2_000])('of %i coupled customers', (couplings) => {
  let cost: CostWorld;

  beforeAll(async () => {
    cost = await startCostWorld(couplings);
    await cost.measure('fullSync');
    await cost.settle();
    // The row of the local currency is asked for once a day.
    await cost.world.ports.dataverse.currencyOfIsoCode('GBP');
  }, slow);
  afterAll(() => cost.world.close());

  it('no change costs one request per direction (model: 1 per direction, met; tables: 2, not met)', async () => {
    expect(await cost.measure()).toEqual({ businessCentral: 1, dataverse: 1, tables: always });
    expect(always <= modelTableRequests(0, couplings)).toBe(false);
  });

  it('a job around an idle run adds 6 table requests and 4 for its category, a tick of a job that is not due 1', async () => {
    const { ports, mappings, stores } = cost.world;
    await cost.world.advanceMinutes(31);
    const before = stores.requests.sent;
    const runId = ports.ids.runId(ports.clock.now());
    await executeRun(ports, mappings, { job: 'CUSTOMER', runId, trigger: 'timer', followedBy: [] });
    const afterRun = stores.requests.sent;
    expect(afterRun - before).toBe(always + 6 + 4);
    expect(await tickJob(ports, 'CUSTOMER')).toBe('notDue');
    expect(stores.requests.sent - afterRun).toBe(1);
  });

  it.each(cases.map((one) => [one.title, one] as const))(
    '1 and 100 %s cost the same few requests (cost model, k changes)',
    async (_title, one) => {
      for (const k of [1, 100]) {
        await cost.settle();
        one.edit(cost, k);
        const seen = await cost.measure();
        const changes = one.changes(k);
        expect(seen, `k = ${k}`).toEqual({
          ...one.seen,
          tables: tableRequests(changes, one.met(k), couplings),
        });
        const changed = changes[0] + changes[1];
        const isWithin = seen.businessCentral + seen.dataverse <= modelRequests(changed);
        expect(isWithin, `requests within the model, k = ${k}`).toBe(true);
        const tablesWithin = seen.tables <= modelTableRequests(changed, couplings);
        // A look-up by the id of Dataverse goes through the index, one request more than the model has, where a scan of all
        // couplings is not cheaper.
        if (couplings === 1_000) expect(tablesWithin, `tables, k = ${k}`).toBe(one.tablesWithinModel);
      }
    },
    slow,
  );
});
