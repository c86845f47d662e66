/** The integration synchronisation log, newest first (A-46, A-47, J-109). */

import { z } from 'zod';
import { purgeLogs } from '../../shared/app/housekeeping/purgeLogs.ts';
import { isGuid, mappingName, runId, type SyncJobId, syncJobId } from '../../shared/domain/common/ids.ts';
import { type SyncJob, syncJobTypes } from '../../shared/domain/logs/syncJob.ts';
import type { LogStore } from '../../shared/ports/logStore.ts';
import { listOf } from '../http/answerSchema.ts';
import { badRequest, notFound } from '../http/apiError.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { flagParameter, guidParameter, instantParameter, pageParameters } from '../http/input.ts';
import { listAnswer, pageRequest } from '../http/paging.ts';
import { acceptedAction, endedAction, syncError, syncJob } from './answers/logs.ts';
import { syncErrorView, syncJobView } from './views.ts';

const list = endpoint({
  name: 'sync-jobs-list',
  method: 'GET',
  route: 'api/sync-jobs',
  query: {
    ...pageParameters,
    mapping: z.string().transform(mappingName).exactOptional(),
    job: z.string().exactOptional(),
    type: z.enum(syncJobTypes, `must be one of ${syncJobTypes.join(', ')}`).exactOptional(),
    failed: flagParameter,
    since: instantParameter.exactOptional(),
    runId: guidParameter(runId).exactOptional(),
  },
  answers: { 200: listOf(syncJob) },
  handle: async (app, { query, url }) => {
    const { ports } = await app.open();
    const { top, continuation, ...filters } = query;
    const page = await ports.logs.listSyncJobs(filters, pageRequest({ top, continuation }));
    return listAnswer(page, syncJobView, { url });
  },
});

const read = endpoint({
  name: 'sync-jobs-read',
  method: 'GET',
  route: 'api/sync-jobs/{id}',
  query: {},
  answers: { 200: syncJob },
  handle: async (app, { params }) => {
    const { ports } = await app.open();
    return ok(syncJobView(await findSyncJob(ports.logs, idOf(params))));
  },
});

const errors = endpoint({
  name: 'sync-jobs-errors',
  method: 'GET',
  route: 'api/sync-jobs/{id}/errors',
  query: pageParameters,
  answers: { 200: listOf(syncError) },
  handle: async (app, { params, query, url }) => {
    const { ports } = await app.open();
    const { id, mapping } = await findSyncJob(ports.logs, idOf(params));
    const page = await ports.logs.listErrors({ mapping, syncJobId: id }, pageRequest(query));
    return listAnswer(page, syncErrorView, { url });
  },
});

const olderThanDays = 'must be a whole number from 0 to 3650';

const purge = endpoint({
  name: 'sync-jobs-delete',
  method: 'POST',
  route: 'api/sync-jobs/delete',
  query: { wait: flagParameter },
  body: z.strictObject({
    olderThanDays: z.int(olderThanDays).min(0, olderThanDays).max(3_650, olderThanDays),
  }),
  answers: { 200: endedAction, 202: acceptedAction },
  handle: async (app, { query, body }) => {
    const { ports } = await app.open();
    const { deleted, kept } = await purgeLogs(ports, body.olderThanDays);
    const answer = { runIds: [], accepted: deleted, skipped: kept, failed: 0, results: [] };
    return query.wait ? ok({ ...answer, syncJobs: [] }) : { status: 202, body: answer };
  },
});

/** Reading the synchronisation log, and deleting what is old (J-109). */
export const syncJobEndpoints: readonly Endpoint[] = [list, read, errors, purge];

function idOf(params: Readonly<Record<string, string>>): SyncJobId {
  const text = params['id'] ?? '';
  if (isGuid(text)) return syncJobId(text);
  throw badRequest([{ code: 'invalid-value', message: 'must be a GUID', target: 'id' }]);
}

async function findSyncJob(logs: LogStore, id: SyncJobId): Promise<SyncJob> {
  const found = await logs.syncJob(id);
  if (found !== null) return found;
  throw notFound('sync-job-not-found', `There is no synchronisation job ${id}.`, 'id');
}
