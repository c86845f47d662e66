/** Table mappings, as they are in force. */
import { fitForRun } from '../../shared/app/fitMappings.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { FittedMapping } from '../../shared/domain/mappings/fitMapping.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';

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
    const rows = await Promise.all(page.rows.map((mapping) => withState(app, ports, mapping)));
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
    return ok(await withState(app, ports, findMapping(mappings, mappingName(params['name'] ?? ''))));
  },
});

/** Reading table mappings. */
export const tableMappingEndpoints: readonly Endpoint[] = [list, read];

/** How long a list waits to learn what the services have; without an answer mappings are shown as they are configured. */
const askForMs = 3_000;

async function withState({ waiting }: Composition, ports: SyncPorts, mapping: TableMapping) {
  const asConfigured: FittedMapping = { mapping, shortcomings: [] };
  const [{ state }, fitted] = await Promise.all([
    ports.mappings.get(mapping.name),
    Promise.race([
      fitForRun(ports, mapping).catch((error: unknown) => unlessUnreachable(error, asConfigured)),
      waiting.pause(askForMs).then(() => asConfigured),
    ]),
  ]);
  return mappingView(fitted, state);
}

function unlessUnreachable(error: unknown, asConfigured: FittedMapping): FittedMapping {
  if (error instanceof SyncFailure && error.kind !== 'bug') return asConfigured;
  throw error;
}
