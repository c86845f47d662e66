/** Creating, removing and resetting table mappings over the API. */
import { describe, expect, it } from 'vitest';
import { tickUserDefinedJobs } from '../../shared/app/jobs/tickUserDefinedJobs.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { testNow } from '../../shared/composition/testing/memoryComposition.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { mappingWorld } from './testing/mappingWorld.ts';
import { ownMapping } from './testing/requests.ts';
import { couplingRow, syncErrorRow } from './testing/rows.ts';

const world = mappingWorld();
const { call, refusals } = world;
const one = '/api/table-mappings/CUSTOMER';

const location = ownMapping;

async function leaseTo(ports: SyncPorts, name: string): Promise<void> {
  const { state, version } = await ports.mappings.get(mappingName(name));
  const lease = { owner: 'a run', expiresAt: '2026-01-31T10:10:00.000Z' as typeof testNow, fencing: 1 };
  expect(
    await ports.mappings.replace({ ...state, lease, businessCentralWatermark: testNow }, version),
  ).not.toBeNull();
}

describe('a user-defined mapping (A-34)', () => {
  it('is created with its job, due now, and shown like any other', async () => {
    const { status, body } = await call('POST /api/table-mappings', location);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'LOCATION',
      origin: 'userDefined',
      changed: false,
      dataverse: { entitySet: 'new_locationset' },
      fields: [{ id: 'new_code', businessCentralField: 'code' }, { id: 'new_name' }],
      watermarks: { businessCentral: null, dataverse: null },
    });
    expect((await call('GET /api/table-mappings/LOCATION')).body).toEqual(body);
    expect((await call('GET /api/jobs/LOCATION')).body).toMatchObject({
      status: 'ready',
      frequencyMinutes: 30,
    });
    const { ports, catalog } = await world.memory().composition.open();
    await tickUserDefinedJobs(ports, await catalog.current());
    expect(world.memory().sent.map(({ message }) => message.job)).toEqual(['LOCATION']);
  });

  it('gets its job at the next tick when the app went away before', async () => {
    await call('POST /api/table-mappings', location);
    await world.memory().ports.jobs.remove('LOCATION');
    const { ports, catalog } = await world.memory().composition.open();
    await tickUserDefinedJobs(ports, await catalog.current());
    expect((await call('GET /api/jobs/LOCATION')).status).toBe(200);
    expect(world.memory().sent).toHaveLength(1);
  });

  it.each(['CUSTOMER', 'UNIT GROUP', 'LOCATION'])(
    'cannot have the name %s when that is taken: 409',
    async (name) => {
      await call('POST /api/table-mappings', location);
      const { status, body } = await call('POST /api/table-mappings', { ...location, name });
      expect(status).toBe(409);
      expect(body).toMatchObject({ error: { code: 'mapping-exists' } });
    },
  );

  it('is refused with everything that is wrong about its form', async () => {
    const wrong = {
      ...location,
      name: 'a/b',
      colour: 1,
      direction: 'up',
      fields: [{ attribute: 'new_code', idd: 1 }, {}],
    };
    expect(await refusals('POST /api/table-mappings', wrong)).toEqual([
      'field-incomplete fields.1.attribute',
      'invalid-value direction',
      'invalid-value name',
      'unknown-property colour',
      'unknown-property fields.0.idd',
    ]);
    expect((await call('GET /api/table-mappings')).body).not.toMatchObject({ value: [{ name: 'LOCATION' }] });
  });

  it('is refused with everything that makes no sense', async () => {
    const wrong = {
      ...location,
      dependsOn: ['LOCATION', 'NOWHERE'],
      rule: 'magic',
      businessCentral: { entitySet: 'locations', keyProperty: 'code' },
      fields: [
        ...location.fields,
        { businessCentralField: 'weather', attribute: 'new_size', lookup: 'NOWHERE' },
        { businessCentralField: 'hats/size', attribute: 'new_hat', notNull: true },
      ],
      templates: [{ target: 'dataverse', values: { new_size: 1, new_shoe: 2 } }],
    };
    expect(await refusals('POST /api/table-mappings', wrong)).toEqual([
      'circular-dependency dependsOn',
      'dependency-missing dependsOn.1',
      'not-null-only-guid fields.3.notNull',
      'property-not-found fields.2.businessCentral',
      'property-not-found fields.3.businessCentral',
      'property-not-found fields.3.dataverse',
      'property-not-found templates.0.values.new_shoe',
      'related-mapping-missing fields.2.lookup',
      'rule-not-found rule',
    ]);
    const nowhere = { ...location, dataverse: { table: 'new_nothing' } };
    expect(await refusals('POST /api/table-mappings', nowhere)).toEqual(['table-not-found dataverse.table']);
    expect((await call('GET /api/table-mappings/LOCATION')).status).toBe(404);
  });

  it('can be changed, reset to what it was, and removed with its job, retries and open errors (J-22)', async () => {
    await call('POST /api/table-mappings', location);
    const error = syncErrorRow(1, { mapping: mappingName('LOCATION') });
    await world.memory().ports.logs.saveErrors([error]);
    const path = '/api/table-mappings/LOCATION';
    expect((await call(`PATCH ${path}`, { syncOnlyCoupled: false })).body).toMatchObject({ changed: true });
    const reset = await call(`POST ${path}/reset`);
    expect(reset.body).toMatchObject({ changed: false, syncOnlyCoupled: true, origin: 'userDefined' });
    expect((await call(`DELETE ${path}`)).status).toBe(200);
    expect((await call(`GET ${path}`)).status).toBe(404);
    expect((await call('GET /api/jobs/LOCATION')).status).toBe(404);
    expect((await call('GET /api/sync-errors?mapping=LOCATION&open=true')).body).toMatchObject({ value: [] });
    expect((await call('POST /api/table-mappings', location)).status).toBe(201);
  });

  it('is not removed while it has couplings, while a run is in progress, or while another refers to it', async () => {
    await call('POST /api/table-mappings', location);
    const other = { ...location, name: 'OTHER', dependsOn: ['LOCATION'] };
    expect((await call('POST /api/table-mappings', other)).status).toBe(201);
    const code = async () => {
      const { status, body } = await call('DELETE /api/table-mappings/LOCATION');
      expect(status).toBe(409);
      return (body['error'] as { code: string }).code;
    };
    expect(await code()).toBe('mapping-in-use');
    await call('DELETE /api/table-mappings/OTHER');
    const mapping = mappingName('LOCATION');
    await world
      .memory()
      .ports.couplings.save(mapping, [{ kind: 'create', coupling: couplingRow(1, { mapping }) }]);
    expect(await code()).toBe('mapping-has-couplings');
    await leaseTo(world.memory().ports, 'LOCATION');
    expect(await code()).toBe('run-in-progress');
    expect((await call('GET /api/jobs/LOCATION')).status).toBe(200);
  });
});

describe('DELETE and reset of a default mapping', () => {
  it('removing it is refused: 409', async () => {
    const { status, body } = await call(`DELETE ${one}`);
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'default-mapping' } });
    expect((await call('DELETE /api/table-mappings/NOPE')).status).toBe(404);
  });

  it('reset drops what was changed, clears the watermarks, and gives the job its usual settings (A-33, E-54)', async () => {
    const before = (await call(`GET ${one}`)).body;
    await call(`PATCH ${one}`, { syncOnlyCoupled: false, fields: [{ id: 'fax', enabled: false }] });
    await call('POST /api/jobs/CUSTOMER/hold');
    await call('PATCH /api/jobs/CUSTOMER', { frequencyMinutes: 7 });
    const { state, version } = await world.memory().ports.mappings.get(mappingName('CUSTOMER'));
    const read = {
      ...state,
      businessCentralWatermark: testNow,
      dataversePosition: 'token',
      dataversePositionAt: testNow,
    };
    await world.memory().ports.mappings.replace(read, version);
    expect((await call(`GET ${one}`)).body).toMatchObject({
      watermarks: { businessCentral: testNow, dataverse: testNow },
    });
    const { status, body } = await call(`POST ${one}/reset`);
    expect(status).toBe(200);
    expect(body).toEqual(before);
    expect((await call('GET /api/jobs/CUSTOMER')).body).toMatchObject({
      frequencyMinutes: 30,
      status: 'onHold',
    });
  });

  it('reset is refused while a run is in progress, and changes nothing then', async () => {
    await call(`PATCH ${one}`, { syncOnlyCoupled: false });
    await leaseTo(world.memory().ports, 'CUSTOMER');
    expect((await call(`POST ${one}/reset`)).status).toBe(409);
    expect((await call(`GET ${one}`)).body).toMatchObject({
      syncOnlyCoupled: false,
      watermarks: { businessCentral: testNow },
    });
    expect((await call('POST /api/table-mappings/NOPE/reset')).status).toBe(404);
  });
});

describe('the list', () => {
  it('has user-defined mappings among the others, in run order', async () => {
    await call('POST /api/table-mappings', { ...location, order: 3 });
    const { body } = await call('GET /api/table-mappings');
    const names = (body['value'] as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(names.indexOf('LOCATION')).toBeGreaterThan(names.indexOf('CURRENCY'));
    expect(names.indexOf('LOCATION')).toBeLessThan(names.indexOf('CUSTOMER'));
  });
});
