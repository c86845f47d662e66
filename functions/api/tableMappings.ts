/** Table mappings, as they are in force. */
import { mappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import type { MappingStore } from '../../shared/ports/mappingStore.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { pageParameters } from '../http/input.ts';
import { listAnswer, pageOf } from '../http/paging.ts';
import { mappingView } from './mappingView.ts';

const list = endpoint({
  name: 'table-mappings-list',
  method: 'GET',
  route: 'api/table-mappings',
  query: pageParameters,
  handle: async (app, { query, url }) => {
    const { ports, mappings } = await app.open();
    const page = pageOf(mappings, query);
    const rows = await Promise.all(page.rows.map((mapping) => withState(ports.mappings, mapping)));
    return listAnswer({ ...page, rows }, (row) => row, { url });
  },
});

const read = endpoint({
  name: 'table-mappings-read',
  method: 'GET',
  route: 'api/table-mappings/{name}',
  query: {},
  handle: async (app, { params }) => {
    const { ports, mappings } = await app.open();
    return ok(await withState(ports.mappings, findMapping(mappings, mappingName(params['name'] ?? ''))));
  },
});

/** Reading table mappings. */
export const tableMappingEndpoints: readonly Endpoint[] = [list, read];

async function withState(store: MappingStore, mapping: TableMapping) {
  return mappingView(mapping, (await store.get(mapping.name)).state);
}
