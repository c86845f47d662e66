/** Couplings of all mappings, or those that pass a filter. */

import { z } from 'zod';
import { businessCentralId, dataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { couplingStates } from '../../shared/domain/couplings/coupling.ts';
import { listOf } from '../http/answerSchema.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { guidParameter, pageParameters } from '../http/input.ts';
import { listAnswer, pageRequest } from '../http/paging.ts';
import { coupling } from './answers/records.ts';
import { couplingView } from './views.ts';

const list = endpoint({
  name: 'couplings-list',
  method: 'GET',
  route: 'api/couplings',
  query: {
    ...pageParameters,
    mapping: z.string().transform(mappingName).exactOptional(),
    state: z.enum(couplingStates, `must be one of ${couplingStates.join(', ')}`).exactOptional(),
    businessCentralId: guidParameter(businessCentralId).exactOptional(),
    dataverseId: guidParameter(dataverseId).exactOptional(),
  },
  answers: { 200: listOf(coupling) },
  handle: async (app, { query, url }) => {
    const { ports } = await app.open();
    const { top, continuation, ...filters } = query;
    const page = await ports.couplings.list(filters, pageRequest({ top, continuation }));
    return listAnswer(page, couplingView, { url });
  },
});

/** Reading couplings. */
export const couplingEndpoints: readonly Endpoint[] = [list];
