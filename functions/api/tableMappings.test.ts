/** Changing table mappings over the API. */
import { describe, expect, it } from 'vitest';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { callApi } from './testing/callApi.ts';
import { dataverseWithTables } from './testing/mappingMetadata.ts';
import { mappingWorld } from './testing/mappingWorld.ts';

const world = mappingWorld();
const { services, call, refusals } = world;
const one = '/api/table-mappings/CUSTOMER';

describe('PATCH /api/table-mappings/{name}', () => {
  it('changes every setting of the contract, shows them at once, and keeps them (E-41)', async () => {
    const templates = [
      { target: 'dataverse', priority: 0, sourceFilter: "blocked eq ' '", values: { industrycode: 1 } },
    ];
    const change = {
      syncOnlyCoupled: false,
      direction: 'toDataverse',
      businessCentralFilter: "blocked eq ' ' and city eq 'Oslo'",
      dataverseFilter: null,
      updateConflict: 'sendToDataverse',
      conflictDetection: 'record',
      deletionConflict: 'removeCoupling',
      eventDrivenRescheduling: false,
      templates,
      fields: [
        { id: 'accountnumber', enabled: true },
        { id: 'telephone1', match: { priority: 1, caseSensitive: true }, direction: 'toDataverse' },
        { id: 'fax', transformation: { rule: 'prefix', direction: 'toDataverse', options: { text: '+' } } },
        { id: 'transactioncurrencyid', clearOnFailedSync: true },
      ],
    };
    const { status, body } = await call(`PATCH ${one}`, change);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'CUSTOMER',
      origin: 'default',
      changed: true,
      syncOnlyCoupled: false,
      direction: 'toDataverse',
      businessCentral: { filter: change.businessCentralFilter },
      dataverse: { filter: null },
      updateConflict: 'sendToDataverse',
      conflictDetection: 'record',
      deletionConflict: 'removeCoupling',
      eventDrivenRescheduling: false,
      templates,
      warnings: [{ code: 'removed-record-returns' }],
      fields: expect.arrayContaining([
        expect.objectContaining({ id: 'accountnumber', enabled: true }),
        expect.objectContaining({ id: 'telephone1', match: { priority: 1, caseSensitive: true } }),
        expect.objectContaining({ id: 'fax', transformation: change.fields[2]?.transformation }),
        expect.objectContaining({ id: 'transactioncurrencyid', clearOnFailedSync: true }),
      ]),
    });
    expect((await call(`GET ${one}`)).body).toEqual(body);
    const again = memoryComposition({ ports: { ...services(), mappings: world.memory().ports.mappings } });
    expect((await callApi(again.composition, `GET ${one}`)).body).toEqual(body);
  });

  it('adds up with earlier changes, field by field', async () => {
    await call(`PATCH ${one}`, { syncOnlyCoupled: false, fields: [{ id: 'fax', enabled: false }] });
    await call(`PATCH ${one}`, {
      fields: [
        { id: 'fax', direction: 'toDataverse' },
        { id: 'name', match: {} },
      ],
    });
    expect((await call(`GET ${one}`)).body).toMatchObject({
      syncOnlyCoupled: false,
      fields: expect.arrayContaining([
        expect.objectContaining({ id: 'fax', enabled: false, direction: 'toDataverse' }),
        expect.objectContaining({ id: 'name', match: { priority: 0, caseSensitive: false } }),
      ]),
    });
  });

  it('gives the changed mapping to the runs of this process', async () => {
    await call(`PATCH ${one}`, { direction: 'toDataverse' });
    const { mappings } = await world.memory().composition.open();
    expect(mappings.find(({ name }) => name === 'CUSTOMER')?.direction).toBe('toDataverse');
  });

  it('refuses filters on names that the services do not have, of either side (A-22)', async () => {
    const change = {
      businessCentralFilter: "nope eq 'x' and blocked eq ' '",
      dataverseFilter: 'neither eq 1',
    };
    expect(await refusals(`PATCH ${one}`, change)).toEqual([
      'property-not-found businessCentralFilter',
      'property-not-found dataverseFilter',
    ]);
    const known = { businessCentralFilter: "blocked eq ' '", dataverseFilter: 'industrycode eq 1' };
    expect((await call(`PATCH ${one}`, known)).status).toBe(200);
  });

  it('takes a filter while a service does not answer, since nothing can be asked then (A-22)', async () => {
    const away = new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'Away.' });
    const dataverse = { ...dataverseWithTables(), table: () => Promise.reject(away) };
    const { composition } = memoryComposition({ ports: { dataverse } });
    const body = { businessCentralFilter: "blocked eq 'All'" };
    expect((await callApi(composition, `PATCH ${one}`, { body })).status).toBe(200);
  });

  it('lists everything that is wrong, and changes nothing', async () => {
    const before = (await call(`GET ${one}`)).body;
    const wrong = {
      colour: 1,
      enabled: false,
      direction: 'sideways',
      syncOnlyCoupled: 'no',
      businessCentralFilter: 'blocked eq',
      dataverseFilter: "(name eq 'a'",
      updateConflict: 'ask',
      templates: [{ target: 'dataverse', priority: -1, sourceFilter: 'x ??', values: {} }],
      fields: [
        { id: 'nope', enabled: false },
        { id: 'name', match: { priority: -1 } },
        {
          id: 'fax',
          transformation: {
            rule: 'regexReplace',
            direction: 'toDataverse',
            options: { pattern: '(', with: '' },
          },
        },
      ],
    };
    expect(await refusals(`PATCH ${one}`, wrong)).toEqual([
      'field-not-found fields.0.id',
      'filter-unreadable businessCentralFilter',
      'filter-unreadable dataverseFilter',
      'filter-unreadable templates.0.sourceFilter',
      'invalid-value direction',
      'invalid-value fields.1.match.priority',
      'invalid-value fields.2.transformation.options.pattern',
      'invalid-value syncOnlyCoupled',
      'invalid-value templates.0.priority',
      'invalid-value updateConflict',
      'unknown-property colour',
      'unknown-property enabled',
    ]);
    expect((await call(`GET ${one}`)).body).toEqual(before);
  });

  it('lists what makes no sense beside what has the wrong form', async () => {
    const wrong = {
      syncOnlyCoupled: 'no',
      direction: 'both',
      fields: [{ id: 'nope' }, { id: 'currencyname', notNull: true }, { id: 'currencysymbol', match: 7 }],
    };
    expect(await refusals('PATCH /api/table-mappings/CURRENCY', wrong)).toEqual([
      'direction-needs-field direction',
      'field-not-found fields.0.id',
      'invalid-value fields.2.match',
      'invalid-value syncOnlyCoupled',
      'not-null-only-guid fields.1.notNull',
    ]);
  });

  it('lists what makes no sense together, at its place in the change', async () => {
    const wrong = {
      templates: [
        { target: 'businessCentral', values: { taxLiable: true, weather: 'fine', 'customerExtras/hat': 1 } },
      ],
      fields: [
        { id: 'telephone1', notNull: true },
        { id: 'primarycontactid', notNull: true },
        { id: 'fax', constant: '0' },
      ],
    };
    expect(await refusals(`PATCH ${one}`, wrong)).toEqual([
      'constant-needs-direction fields.2.constant',
      'not-null-only-guid fields.0.notNull',
      'not-null-vs-clear fields.1.notNull',
      'property-not-found templates.0.values.customerExtras/hat',
      'property-not-found templates.0.values.weather',
    ]);
  });

  it.each([
    ['direction-needs-field', 'CURRENCY', { direction: 'both' }],
    ['direction-needs-field', 'CURRENCY', { direction: 'toBusinessCentral' }],
  ])('refuses %s of %s for %j (A-23)', async (code, name, change) => {
    expect(await refusals(`PATCH /api/table-mappings/${name}`, change)).toEqual([`${code} direction`]);
  });

  it('refuses to disable the last field of a direction (A-40)', async () => {
    const fields = ['isocurrencycode', 'currencysymbol', 'currencyname'].map((id) => ({
      id,
      enabled: false,
    }));
    expect(await refusals('PATCH /api/table-mappings/CURRENCY', { fields })).toEqual([
      'direction-needs-field direction',
    ]);
  });

  it('refuses a field that goes against a one-way mapping, but not a mapping that leaves a field behind', async () => {
    const fields = [{ id: 'currencysymbol', direction: 'toBusinessCentral' }];
    expect(await refusals('PATCH /api/table-mappings/CURRENCY', { fields })).toEqual([
      'wrong-direction fields.0.direction',
    ]);
    const { status } = await call('PATCH /api/table-mappings/CONTACT', { direction: 'toDataverse' });
    expect(status).toBe(200);
  });

  it('answers 404 for a mapping that does not exist', async () => {
    const { status, body } = await call('PATCH /api/table-mappings/NOPE', {});
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: 'mapping-not-found' } });
  });

  it('answers 413 for a body of more than a mebibyte, 400 for one that is no JSON or no object', async () => {
    expect((await call(`PATCH ${one}`, { dataverseFilter: 'x'.repeat(1_048_577) })).status).toBe(413);
    expect((await call(`PATCH ${one}`, '{')).status).toBe(400);
    expect((await call(`PATCH ${one}`, '[]')).status).toBe(400);
  });

  it('refuses more than can be stored, and keeps long texts of any characters', async () => {
    const template = (size: number, text: string) => ({
      target: 'dataverse',
      values: { name: text },
      priority: size,
    });
    const many = Array.from({ length: 250 }, (_, index) => template(index, 'x'.repeat(2_000)));
    expect(await refusals(`PATCH ${one}`, { templates: many })).toEqual(['definition-too-large body']);
    const templates = Array.from({ length: 30 }, (_, index) => template(index, '😀é'.repeat(600)));
    expect((await call(`PATCH ${one}`, { templates })).status).toBe(200);
    const body = (await call(`GET ${one}`)).body;
    expect(body['templates']).toMatchObject(templates);
  });

  it('is tried again when another writer was first, and loses none of the two changes', async () => {
    const { ports } = world.memory();
    await world.memory().composition.open();
    const save = ports.mappings.saveDefinition;
    let met = 0;
    Object.assign(ports.mappings, {
      saveDefinition: async (...given: Parameters<typeof save>) => {
        met += 1;
        if (met === 1) {
          const definition = {
            kind: 'overrides',
            mapping: mappingName('CUSTOMER'),
            definition: { syncOnlyCoupled: false },
          };
          await save(definition as Parameters<typeof save>[0], null);
        }
        return save(...given);
      },
    });
    const { body } = await call(`PATCH ${one}`, { conflictDetection: 'record' });
    expect(met).toBe(2);
    expect(body).toMatchObject({ conflictDetection: 'record', syncOnlyCoupled: false });
  });

  it('does not ask the services unless templates are given', async () => {
    const away = async () => {
      throw new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'away' });
    };
    const ports = { dataverse: { ...dataverseWithTables(), table: away } };
    const { composition } = memoryComposition({ ports });
    const ask = (request: string, body?: unknown) => callApi(composition, request, body ? { body } : {});
    expect((await ask(`PATCH ${one}`, { syncOnlyCoupled: false })).status).toBe(200);
    const template = { target: 'dataverse', values: { name: 'x' } };
    expect((await ask(`PATCH ${one}`, { templates: [template] })).status).toBe(500);
    expect((await ask(`GET ${one}`)).body).toMatchObject({
      templates: [{ values: { customertypecode: 3 } }],
    });
  });
});
