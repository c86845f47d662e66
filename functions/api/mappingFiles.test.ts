/** Mapping files of MAPPINGS_DIR: good ones take part, bad ones are told and left out. */
import { describe, expect, it } from 'vitest';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { callApi } from './testing/callApi.ts';
import { businessCentralWithSets, dataverseWithTables } from './testing/mappingMetadata.ts';

const location = {
  name: 'LOCATION',
  businessCentral: { entitySet: 'locations' },
  dataverse: { table: 'new_location' },
  direction: 'toDataverse',
  fields: [{ businessCentralField: 'code', attribute: 'new_code' }],
};

function withFiles(
  files: Readonly<Record<string, unknown>>,
  more: Parameters<typeof memoryComposition>[0] = {},
) {
  const logged: unknown[] = [];
  const mappingFiles = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      name,
      typeof file === 'string' ? file : JSON.stringify(file),
    ]),
  );
  const log = (level: string, event: string, details: object) => {
    if (event === 'mapping-file-refused') logged.push({ level, ...details });
  };
  const ports = {
    businessCentral: businessCentralWithSets(),
    dataverse: dataverseWithTables(),
    log,
    ...more.ports,
  };
  const memory = memoryComposition({ ...more, mappingFiles, ports });
  const call = (request: string, body?: unknown) =>
    callApi(memory.composition, request, body === undefined ? {} : { body });
  const check = async () => {
    const { body } = await call('GET /api/connection');
    return (body['checks'] as readonly Readonly<Record<string, unknown>>[])[0];
  };
  return { memory, logged, call, check };
}

describe('a good file', () => {
  it('takes part like a default mapping, and has its job', async () => {
    const { call, check } = withFiles({ 'location.json': location });
    expect((await call('GET /api/table-mappings/LOCATION')).body).toMatchObject({
      origin: 'file',
      fields: [{ id: 'new_code' }],
    });
    expect((await call('GET /api/jobs/LOCATION')).body).toMatchObject({ status: 'ready' });
    expect(await check()).toMatchObject({ name: 'mapping-files', outcome: 'passed', problems: [] });
  });

  it('can be changed and reset over the API, but not removed', async () => {
    const { call } = withFiles({ 'location.json': location });
    const path = '/api/table-mappings/LOCATION';
    expect((await call(`PATCH ${path}`, { syncOnlyCoupled: false })).body).toMatchObject({
      syncOnlyCoupled: false,
    });
    expect((await call(`POST ${path}/reset`)).body).toMatchObject({ syncOnlyCoupled: true });
    const { status, body } = await call(`DELETE ${path}`);
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'mapping-in-file' } });
    expect((await call('POST /api/table-mappings', location)).status).toBe(409);
  });
});

describe('a bad file', () => {
  it('is left out with every problem told by file and path, and the app starts', async () => {
    const { call, check, logged } = withFiles({
      'form.json': { ...location, name: 'FORM', direction: 'up', fields: [{ colour: 1 }] },
      'good.json': location,
      'no-json.json': '{ "name": ',
      'sense.json': { ...location, name: 'SENSE', dependsOn: ['NOWHERE'], rule: 'magic' },
      'table.json': { ...location, name: 'TABLE', dataverse: { table: 'new_nothing' } },
      'taken.json': { ...location, name: 'CUSTOMER' },
      'twice.json': location,
    });
    const problems = [
      ['form.json', 'invalid-value', 'direction'],
      ['form.json', 'unknown-property', 'fields.0.colour'],
      ['form.json', 'field-incomplete', 'fields.0.attribute'],
      ['no-json.json', 'invalid-json', 'body'],
      ['table.json', 'table-not-found', 'dataverse.table'],
      ['sense.json', 'dependency-missing', 'dependsOn.0'],
      ['sense.json', 'rule-not-found', 'rule'],
      ['taken.json', 'name-taken', 'name'],
      ['twice.json', 'name-taken', 'name'],
    ].map(([file, code, path]) => expect.objectContaining({ file, code, path }));
    const found = await check();
    expect(found).toMatchObject({
      outcome: 'warning',
      whatToDo: expect.stringContaining('mapping-files.md'),
    });
    expect(found?.['problems']).toEqual(expect.arrayContaining(problems));
    expect(found?.['problems']).toHaveLength(problems.length);
    expect(logged).toHaveLength(problems.length);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'warning', file: 'sense.json', path: 'rule' }),
    );
    expect((await call('GET /api/table-mappings/LOCATION')).status).toBe(200);
    expect((await call('GET /api/table-mappings/SENSE')).status).toBe(404);
    expect((await call('GET /api/jobs/SENSE')).status).toBe(404);
  });

  it('may name nothing that the services do not have: sets, properties, columns, and those of its filters', async () => {
    const fields = [
      { businessCentralField: 'cod', attribute: 'new_code' },
      { businessCentralField: 'city', attribute: 'new_town' },
      { businessCentralField: 'locationExtras/city', attribute: 'new_name' },
    ];
    const { check, call } = withFiles({
      'names.json': {
        ...location,
        businessCentral: { entitySet: 'locations', filter: "colour eq 'red'" },
        dataverse: { table: 'new_location', filter: 'new_kind eq 3' },
        fields,
      },
      'set.json': { ...location, name: 'SET', businessCentral: { entitySet: 'lokations' } },
      'good.json': { ...location, name: 'GOOD' },
    });
    const problems = (await check())?.['problems'] as readonly Readonly<Record<string, string>>[];
    expect(problems.map(({ file, code, path, message }) => `${file} ${code}: ${path} ${message}`)).toEqual([
      'names.json property-not-found: businessCentral.filter names no property of locations in Business Central: "colour"',
      'names.json property-not-found: dataverse.filter names no column of new_location: "new_kind"',
      'names.json property-not-found: fields.0.businessCentral is no property of locations in Business Central: "cod"',
      'names.json property-not-found: fields.1.dataverse is no column of new_location: "new_town"',
      'names.json property-not-found: fields.2.businessCentral is of a set that Business Central does not have: "locationExtras"',
      'set.json entity-set-not-found: businessCentral.entitySet is no entity set of Business Central: "lokations"',
    ]);
    expect((await call('GET /api/table-mappings/GOOD')).status).toBe(200);
  });

  it('takes part while a service that could tell its faults is away, and is left out once it answers', async () => {
    const there = businessCentralWithSets();
    const state = { isAway: true };
    const businessCentral = {
      ...there,
      readRows: async (request: Parameters<typeof there.readRows>[0]) => {
        if (!state.isAway) return there.readRows(request);
        throw new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'Away.' });
      },
    };
    const wrong = { ...location, fields: [{ businessCentralField: 'cod', attribute: 'new_code' }] };
    const { memory, check, call } = withFiles({ 'wrong.json': wrong }, { ports: { businessCentral } });
    expect(await check()).toMatchObject({ outcome: 'passed' });
    expect((await call('GET /api/table-mappings/LOCATION')).status).toBe(200);
    state.isAway = false;
    const { catalog } = await memory.composition.open();
    await catalog.refreshed();
    expect(await check()).toMatchObject({
      problems: [{ code: 'property-not-found', path: 'fields.0.businessCentral' }],
    });
    expect((await call('GET /api/table-mappings/LOCATION')).status).toBe(404);
  });

  it('takes those that need it with it', async () => {
    const { check } = withFiles({
      'a.json': { ...location, name: 'A', dependsOn: ['B'] },
      'b.json': { ...location, name: 'B', rule: 'magic' },
      'c.json': { ...location, name: 'C', dependsOn: ['D'] },
      'd.json': { ...location, name: 'D', dependsOn: ['C'] },
      'e.json': { ...location, name: 'E', dependsOn: ['LOCATION'] },
      'f.json': location,
    });
    const problems = (await check())?.['problems'] as readonly {
      readonly file: string;
      readonly code: string;
    }[];
    expect(problems.map(({ file, code }) => `${file} ${code}`).sort()).toEqual([
      'a.json dependency-missing',
      'b.json rule-not-found',
      'c.json circular-dependency',
      'd.json circular-dependency',
    ]);
  });

  it('is read again once the service that was needed answers', async () => {
    let away = true;
    const known = dataverseWithTables();
    const dataverse = {
      ...known,
      table: async (name: string) => {
        if (!away) return known.table(name);
        throw new SyncFailure({
          kind: 'transient',
          code: 'connection-failed',
          message: 'Dataverse is away.',
        });
      },
    };
    const { memory, call, check, logged } = withFiles(
      { 'location.json': location },
      { ports: { dataverse } },
    );
    expect(await check()).toMatchObject({ problems: [{ file: 'location.json', code: 'connection-failed' }] });
    const { catalog } = await memory.composition.open();
    await catalog.refreshed();
    expect(logged).toHaveLength(1);
    away = false;
    await catalog.refreshed();
    expect(await check()).toMatchObject({ outcome: 'passed' });
    expect((await call('GET /api/table-mappings/LOCATION')).status).toBe(200);
  });
});

describe('a stored definition that cannot be read', () => {
  it('keeps its mapping from running until it is reset, and is told', async () => {
    const { memory, call, check } = withFiles({});
    const definition = { kind: 'overrides', mapping: 'CUSTOMER', definition: { colour: 1 } };
    await memory.ports.mappings.saveDefinition(
      definition as Parameters<typeof memory.ports.mappings.saveDefinition>[0],
      null,
    );
    expect(await check()).toMatchObject({
      problems: [{ file: null, mapping: 'CUSTOMER', code: 'definition-unreadable' }],
    });
    expect((await call('GET /api/table-mappings/CUSTOMER')).status).toBe(404);
    expect((await call('GET /api/table-mappings/CONTACT')).status).toBe(200);
    expect((await call('POST /api/table-mappings/CUSTOMER/reset')).status).toBe(200);
    expect((await call('GET /api/table-mappings/CUSTOMER')).status).toBe(200);
    expect(await check()).toMatchObject({ outcome: 'passed' });
  });
});
