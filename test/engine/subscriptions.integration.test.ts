/** Webhook subscriptions and notifications against the simulator: created, renewed, healed, and echoed writes told apart. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../local/simulators/common/server.ts';
import { receiveChanges } from '../../shared/app/notifications/receiveChanges.ts';
import {
  createSubscriptionKeeper,
  keepSubscriptions,
} from '../../shared/app/subscriptions/keepSubscriptions.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import type { JobQueueEntry } from '../../shared/domain/jobs/jobQueueEntry.ts';
import { changeTypes, parseResource } from '../../shared/domain/notifications/changeNotification.ts';
import { startWorld, type World } from './world.ts';

interface Entry {
  readonly resource: string;
  readonly changeType: string;
  readonly lastModifiedDateTime: string;
}

const hour = 60;
let world: World;
let receiver: HttpServer;
let told: Entry[] = [];
let isUp = true;

async function start(demo: boolean): Promise<void> {
  told = [];
  isUp = true;
  world = await startWorld({ demo });
  receiver = await startHttpServer({
    port: 0,
    handle: (request) => {
      const token = request.url.searchParams.get('validationToken');
      if (!isUp) return { status: 500 };
      if (token !== null) return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: token };
      told.push(...JSON.parse(request.body).value);
      return { status: 202 };
    },
  });
}

async function stop(): Promise<void> {
  await Promise.all([world.close(), receiver.close()]);
}

const target = (clientState = 'a secret of some length') => ({
  notificationUrl: `${receiver.url}/api/notifications/business-central`,
  clientState,
});
const keep = (clientState?: string) => keepSubscriptions(world, target(clientState));
const own = async () =>
  (await world.subscriptions.list()).filter(({ notificationUrl }) =>
    notificationUrl.startsWith(receiver.url),
  );
const setsOf = async () => (await own()).map(({ set }) => set?.entitySet).sort();

/** Hands on what the webhooks told, as the receiving function does. */
async function receiveTold(): Promise<readonly string[]> {
  const notifications = told.splice(0).flatMap(({ resource, changeType, lastModifiedDateTime }) => {
    const parsed = parseResource(resource);
    const type = changeTypes.find((one) => one === changeType);
    if (parsed === null || type === undefined) throw new Error(`${changeType} of ${resource}`);
    return [{ ...parsed, changeType: type, changedAt: instant(lastModifiedDateTime) }];
  });
  return receiveChanges(world.ports, world.mappings, notifications);
}

async function entryOf(job: string): Promise<JobQueueEntry> {
  const stored = await world.ports.jobs.get(job);
  if (stored === null) throw new Error(`There is no job ${job}.`);
  return stored.entry;
}

describe('subscriptions', () => {
  beforeEach(() => start(false));
  afterEach(stop);

  it('are made for every set that jobs are woken by and the environment offers, companions included', async () => {
    const report = await keep();
    const expected = ['contacts', 'currencies', 'currencyExchangeRates', 'customerExtras', 'customers'];
    expect(await setsOf()).toEqual(expect.arrayContaining([...expected, 'salespeoplePurchasers']));
    expect(report).toMatchObject({ created: { length: report.wanted }, failed: 0 });
    expect((await own()).every(({ clientState }) => clientState === target().clientState)).toBe(true);
  });

  it('stay as they are for a day, and live on when they are renewed daily', async () => {
    const { wanted } = await keep();
    expect(await keep()).toMatchObject({ created: [], renewed: 0, removed: 0 });
    for (let day = 0; day < 5; day += 1) {
      await world.advanceMinutes(25 * hour);
      expect(await keep()).toMatchObject({ created: [], renewed: wanted, failed: 0 });
    }
  });

  it('are healed when they were lost, and their jobs woken, since what was missed was told to nobody', async () => {
    await keep();
    await world.fullSync();
    for (const { name } of world.mappings) await world.run(name);
    expect(await entryOf('CUSTOMER')).toMatchObject({ status: 'onHoldInactivity' });
    const lost = (await own()).filter(({ set }) => set?.entitySet === 'customers');
    for (const one of lost) await world.subscriptions.remove(one);
    expect(await keep()).toMatchObject({ created: [{ entitySet: 'customers' }] });
    expect(await entryOf('CUSTOMER')).toMatchObject({ status: 'ready', woken: true });
    await world.advanceMinutes(4 * 24 * hour);
    expect(await own()).toEqual([]);
    const { wanted, created } = await keep();
    expect(created).toHaveLength(wanted);
  });

  it('that are there twice are reduced to one, and those of other programs left alone', async () => {
    await keep();
    const before = await setsOf();
    const set = { route: 'v2.0', entitySet: 'customers' } as const;
    await world.subscriptions.create({ set, ...target() });
    await world.subscriptions.create({ set, notificationUrl: `${receiver.url}/other`, clientState: 'x' });
    expect(await keep()).toMatchObject({ removed: 1, created: [] });
    expect(await setsOf()).toEqual([...before, 'customers'].sort());
  });

  it('get the present secret when it was changed', async () => {
    await keep();
    const { wanted } = await keep();
    expect(await keep('another secret, longer than twenty')).toMatchObject({ renewed: wanted });
    expect(new Set((await own()).map(({ clientState }) => clientState)).size).toBe(1);
  });

  it('that cannot be made, as the handshake fails, are tried again at the next tick, others once an hour', async () => {
    const keepAtTick = createSubscriptionKeeper();
    isUp = false;
    const failed = await keepAtTick(world, target());
    expect(failed).toMatchObject({ created: [], failed: failed?.wanted });
    isUp = true;
    expect(await keepAtTick(world, target())).toMatchObject({ failed: 0 });
    expect(await keepAtTick(world, target())).toBeNull();
    await world.advanceMinutes(hour);
    expect(await keepAtTick(world, target())).toMatchObject({ renewed: 0 });
  });
});

describe('notifications', () => {
  beforeAll(async () => {
    await start(true);
    await world.fullSync();
    await keep();
    await runAll();
  });
  afterAll(stop);
  beforeEach(async () => {
    await world.advanceMinutes(1);
    told = [];
    await runAll();
    await world.advanceMinutes(1);
    told = [];
  });

  /** Afterwards every job is held, or has nothing planned within the next minutes. */
  async function runAll(): Promise<void> {
    for (const { name } of world.mappings) await world.run(name);
  }

  async function coupledCustomer() {
    const page = { top: 1, continuation: null };
    const [coupling] = (await world.ports.couplings.list({ mapping: mappingName('CUSTOMER') }, page)).rows;
    if (coupling === undefined) throw new Error('No customer is coupled.');
    return coupling;
  }

  it('wake the jobs of the changed tables, and no other (J-65)', async () => {
    const { businessCentralId } = await coupledCustomer();
    world.businessCentral.edit('customers', businessCentralId, { city: 'Elsewhere' }, 'bob');
    await world.advanceMinutes(1);
    const tables = new Set(told.map(({ resource }) => parseResource(resource)?.entitySet));
    expect([...tables]).toContain('customers');
    const concerned = tables.has('contacts') ? ['CONTACT', 'CUSTOMER'] : ['CUSTOMER'];
    expect([...(await receiveTold())].sort()).toEqual(concerned);
    expect(await entryOf('CUSTOMER')).toMatchObject({ status: 'ready', woken: true });
    expect(await entryOf('SALESPEOPLE')).toMatchObject({ status: 'onHoldInactivity' });
  });

  it('of a new exchange rate wake CURRENCY (J-58, E-164)', async () => {
    const rate = { exchangeRateAmount: 1, relationalExchangeRateAmount: 0.7 };
    const dates = { currencyCode: 'USD', startingDate: '2026-03-01' };
    world.businessCentral.create('currencyExchangeRates', { ...dates, ...rate }, 'bob');
    await world.advanceMinutes(1);
    expect(await receiveTold()).toEqual(['CURRENCY']);
  });

  it('of what the app wrote itself wake nothing; a later edit of a user does (J-74)', async () => {
    const { businessCentralId, dataverseId } = await coupledCustomer();
    world.dataverse.edit('account', dataverseId, { address1_city: 'Bergen' }, 'alice');
    const rows = await world.run('CUSTOMER');
    expect(rows.map(({ counts }) => counts.modified)).toEqual([0, 1]);
    await world.advanceMinutes(1);
    expect(told.some(({ resource }) => resource.includes(businessCentralId))).toBe(true);
    expect(await receiveTold()).not.toContain('CUSTOMER');
    world.businessCentral.edit('customers', businessCentralId, { city: 'Oslo' }, 'bob');
    await world.advanceMinutes(1);
    expect(await receiveTold()).toContain('CUSTOMER');
  });

  it('of a deletion wake nothing, but the next run finds it (J-61)', async () => {
    const { businessCentralId: customerId } = await coupledCustomer();
    const [contact] = world.businessCentral.records('contacts').filter(({ type }) => type === 'Person');
    const { companyNumber } = contact ?? {};
    const made = world.businessCentral.create(
      'contacts',
      { type: 'Person', companyNumber: String(companyNumber), displayName: 'Soon Gone' },
      'bob',
    );
    await world.run('CONTACT', 'fullSync');
    await world.advanceMinutes(1);
    told = [];
    await runAll();
    world.businessCentral.remove('contacts', String(made['id']));
    await world.advanceMinutes(1);
    expect(await receiveTold()).toEqual([]);
    expect((await entryOf('CONTACT')).reportedDeletions.ids).toEqual([made['id']]);
    expect((await entryOf('CUSTOMER')).reportedDeletions.ids).not.toContain(customerId);
    await world.run('CONTACT');
    expect(await world.openErrors('CONTACT')).toContainEqual(
      expect.objectContaining({ code: 'coupled-record-deleted', businessCentralId: made['id'] }),
    );
    expect((await entryOf('CONTACT')).reportedDeletions).toEqual({ ids: [], more: false });
  });
});
