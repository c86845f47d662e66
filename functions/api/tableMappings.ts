/** Table mappings, as they are in force. */
import { changeMapping, entryOf } from '../../shared/app/mappings/changeMapping.ts';
import { createMapping } from '../../shared/app/mappings/createMapping.ts';
import { removeMapping, resetMapping } from '../../shared/app/mappings/removeMapping.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { type MappingName, mappingName } from '../../shared/domain/common/ids.ts';
import { mappingFileSchema } from '../../shared/domain/mappings/mappingSchema.ts';
import type { MappingEntry } from '../../shared/domain/mappings/mappingSet.ts';
import { overridesSchema } from '../../shared/domain/mappings/overrides.ts';
import { listOf } from '../http/answerSchema.ts';
import { anyBody, type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { pageParameters } from '../http/input.ts';
import { listAnswer, pageOf } from '../http/paging.ts';
import { removedMapping, tableMapping } from './answers/mappings.ts';
import { fitInTime } from './fitInTime.ts';
import { mappingView } from './mappingView.ts';

const one = 'api/table-mappings/{name}';

const list = endpoint({
  name: 'table-mappings-list',
  method: 'GET',
  route: 'api/table-mappings',
  query: pageParameters,
  answers: { 200: listOf(tableMapping) },
  handle: async (app, { query, url }) => {
    const { ports, catalog } = await app.open();
    const page = pageOf((await catalog.current()).entries, query);
    const rows = await entryViews(app, ports, page.rows);
    return listAnswer({ ...page, rows }, (row) => row, { url });
  },
});

const read = endpoint({
  name: 'table-mappings-read',
  method: 'GET',
  route: one,
  query: {},
  answers: { 200: tableMapping },
  handle: async (app, { params }) => {
    const { ports, catalog } = await app.open();
    return ok(await entryView(app, ports, entryOf(await catalog.current(), nameOf(params))));
  },
});

const change = endpoint({
  name: 'table-mappings-change',
  method: 'PATCH',
  route: one,
  query: {},
  body: anyBody,
  bodyForms: overridesSchema,
  answers: { 200: tableMapping },
  handle: async (app, { params, body }) => {
    const { ports, catalog } = await app.connect();
    return ok(await entryView(app, ports, await changeMapping(ports, catalog, nameOf(params), body)));
  },
});

const create = endpoint({
  name: 'table-mappings-create',
  method: 'POST',
  route: 'api/table-mappings',
  query: {},
  body: anyBody,
  bodyForms: mappingFileSchema,
  answers: { 201: tableMapping },
  handle: async (app, { body }) => {
    const { ports, catalog } = await app.connect();
    const created = await createMapping(ports, catalog, body);
    return { status: 201, body: await entryView(app, ports, created) };
  },
});

const remove = endpoint({
  name: 'table-mappings-remove',
  method: 'DELETE',
  route: one,
  query: {},
  answers: { 200: removedMapping },
  handle: async (app, { params }) => {
    const { ports, catalog } = await app.connect();
    await removeMapping(ports, catalog, nameOf(params));
    return ok({ name: nameOf(params), removed: true });
  },
});

const reset = endpoint({
  name: 'table-mappings-reset',
  method: 'POST',
  route: `${one}/reset`,
  query: {},
  answers: { 200: tableMapping },
  handle: async (app, { params }) => {
    const { ports, catalog } = await app.connect();
    return ok(await entryView(app, ports, await resetMapping(ports, catalog, nameOf(params))));
  },
});

/** Reading, changing, creating, removing and resetting table mappings. */
export const tableMappingEndpoints: readonly Endpoint[] = [list, read, change, create, remove, reset];

async function entryView(app: Composition, ports: SyncPorts, entry: MappingEntry) {
  const [view] = await entryViews(app, ports, [entry]);
  return view;
}

async function entryViews(app: Composition, ports: SyncPorts, entries: readonly MappingEntry[]) {
  const fitting = fitInTime(
    app,
    ports,
    entries.map(({ mapping }) => mapping),
  );
  const states = Promise.all(entries.map(({ mapping }) => ports.mappings.get(mapping.name)));
  const [fitted, stored] = await Promise.all([fitting, states]);
  return entries.flatMap((entry, index) => {
    const [fit, state] = [fitted[index], stored[index]];
    return fit && state ? [mappingView(entry, fit, state.state)] : [];
  });
}

function nameOf(params: Readonly<Record<string, string>>): MappingName {
  return mappingName(params['name'] ?? '');
}
