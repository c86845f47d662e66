/** The integration synchronisation errors, newest first. */

import { z } from 'zod';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { listOf } from '../http/answerSchema.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { flagParameter, pageParameters } from '../http/input.ts';
import { listAnswer, pageRequest } from '../http/paging.ts';
import { syncError } from './answers/logs.ts';
import { syncErrorView } from './views.ts';

/** `code` filters by error code here; a function key goes into the header `x-functions-key`. */
const list = endpoint({
  name: 'sync-errors-list',
  method: 'GET',
  route: 'api/sync-errors',
  query: {
    ...pageParameters,
    mapping: z.string().transform(mappingName).exactOptional(),
    code: z.string().exactOptional(),
    open: flagParameter,
  },
  answers: { 200: listOf(syncError) },
  handle: async (app, { query, url }) => {
    const { ports } = await app.open();
    const { top, continuation, ...filters } = query;
    const page = await ports.logs.listErrors(filters, pageRequest({ top, continuation }));
    return listAnswer(page, syncErrorView, { url, filters: ['code'] });
  },
});

/** Reading synchronisation errors. */
export const syncErrorEndpoints: readonly Endpoint[] = [list];
