/** Both sides of a mapping compared (DESIGN, Beyond the original). */

import { reconcile } from '../../shared/app/queries/reconcile.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { refuseLinesAlone } from '../../shared/domain/mappings/linesAlone.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { pageParameters } from '../http/input.ts';
import { reconciliation } from './answers/records.ts';
import { mappingField } from './recordKeys.ts';
import { longestRequestMs } from './runAnswers.ts';

const read = endpoint({
  name: 'reconciliation-read',
  method: 'GET',
  route: 'api/reconciliation',
  query: { mapping: mappingField, top: pageParameters.top },
  answers: { 200: reconciliation },
  handle: async (app, { query }) => {
    const { ports, mappings } = await app.open();
    const mapping = findMapping(mappings, query.mapping);
    refuseLinesAlone(mapping);
    const until = app.waiting.elapsedMs() + longestRequestMs;
    const isOutOfTime = () => app.waiting.elapsedMs() > until;
    return ok(await reconcile(ports, mappings, mapping, { top: query.top, isOutOfTime }));
  },
});

/** Comparing both sides. */
export const reconciliationEndpoints: readonly Endpoint[] = [read];
