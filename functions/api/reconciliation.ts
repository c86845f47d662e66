/** Both sides of a mapping compared (DESIGN, Beyond the original). */
import { reconcile } from '../../shared/app/queries/reconcile.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { refuseLinesAlone } from '../../shared/domain/mappings/linesAlone.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { pageParameters } from '../http/input.ts';
import { mappingField } from './recordKeys.ts';

const read = endpoint({
  name: 'reconciliation-read',
  method: 'GET',
  route: 'api/reconciliation',
  query: { mapping: mappingField, top: pageParameters.top },
  handle: async (app, { query }) => {
    const { ports, mappings } = await app.open();
    const mapping = findMapping(mappings, query.mapping);
    refuseLinesAlone(mapping);
    return ok(await reconcile(ports, mappings, mapping, query.top));
  },
});

/** Comparing both sides. */
export const reconciliationEndpoints: readonly Endpoint[] = [read];
