/** Coupled data synchronisation errors, and looking for records that are gone. */

import { z } from 'zod';
import { type CoupledDataError, listCoupledDataErrors } from '../../shared/app/queries/coupledDataErrors.ts';
import type { OpenApp } from '../../shared/composition/composition.ts';
import { losesRecordsOnlyByDeletion } from '../../shared/domain/actions/coupledDataErrors.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { listOf } from '../http/answerSchema.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { flagParameter, pageParameters } from '../http/input.ts';
import { listAnswer, pageRequest } from '../http/paging.ts';
import { actionAnswer, actionAnswers, type NamedResult } from './actionAnswers.ts';
import { coupledDataError } from './answers/records.ts';
import { mappingField } from './recordKeys.ts';
import { couplingView } from './views.ts';

const list = endpoint({
  name: 'coupled-data-errors-list',
  method: 'GET',
  route: 'api/coupled-data-errors',
  query: { ...pageParameters, mapping: mappingField.exactOptional() },
  answers: { 200: listOf(coupledDataError) },
  handle: async (app, { query, url }) => {
    const { ports, mappings } = await app.open();
    const page = await listCoupledDataErrors(ports, mappings, query.mapping, pageRequest(query));
    return listAnswer(page, coupledDataErrorView, { url });
  },
});

const findDeleted = endpoint({
  name: 'coupled-data-errors-find-deleted',
  method: 'POST',
  route: 'api/coupled-data-errors/find-deleted',
  query: { wait: flagParameter, dryRun: flagParameter },
  body: z.strictObject({ mapping: mappingField.exactOptional() }),
  answers: actionAnswers,
  handle: async (app, call) => {
    const opened = await app.open();
    const { mapping } = call.body;
    const chosen = mapping === undefined ? opened.mappings : [findMapping(opened.mappings, mapping)];
    const results: NamedResult[] = [];
    for (const each of chosen) results.push(await searchResult(opened, each));
    const actions = results
      .filter(({ status }) => status === 'accepted')
      .map((result) => ({ mapping: result.mapping, task: { kind: 'findDeleted' } as const }));
    return actionAnswer(app, opened, call, actions, results);
  },
});

/** Reading coupled data errors, and finding more of them. */
export const coupledDataErrorEndpoints: readonly Endpoint[] = [list, findDeleted];

async function searchResult({ ports }: OpenApp, mapping: TableMapping): Promise<NamedResult> {
  const result = { mapping: mapping.name, key: null };
  if (!losesRecordsOnlyByDeletion(mapping)) {
    const message = 'Such documents leave Business Central by being posted, too.';
    return { ...result, status: 'skipped', code: 'ends-by-posting', message };
  }
  const { rows } = await ports.couplings.list({ mapping: mapping.name }, { top: 1, continuation: null });
  if (rows.length > 0) return { ...result, status: 'accepted' };
  return { ...result, status: 'skipped', code: 'nothing-coupled', message: 'No record is coupled.' };
}

/** The message is blank when the error is gone from the log. */
function coupledDataErrorView({ coupling, businessCentralExists, dataverseExists }: CoupledDataError) {
  const { lastError } = coupling;
  return {
    ...couplingView(coupling),
    businessCentralExists,
    dataverseExists,
    code: lastError?.code ?? '',
    message: lastError?.message ?? '',
    failedAt: lastError?.occurredAt ?? null,
  };
}
