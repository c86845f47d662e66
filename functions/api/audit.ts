/** Who asked for what, and what came of it, newest first. */
import { z } from 'zod';
import type { AuditRow } from '../../shared/domain/audit/auditRow.ts';
import { listOf } from '../http/answerSchema.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { instantParameter, pageParameters } from '../http/input.ts';
import { listAnswer, pageRequest } from '../http/paging.ts';
import { auditRow } from './answers/audit.ts';

/** What others did is for those who may do it themselves. */
const list = endpoint({
  name: 'audit-list',
  method: 'GET',
  route: 'api/audit',
  role: 'Sync.Manage',
  query: {
    ...pageParameters,
    user: z.string().exactOptional(),
    action: z.string().exactOptional(),
    target: z.string().exactOptional(),
    since: instantParameter.exactOptional(),
  },
  answers: { 200: listOf(auditRow) },
  handle: async (app, { query, url }) => {
    const { ports } = await app.connect();
    const { top, continuation, ...filters } = query;
    const page = await ports.actions.listAudit(filters, pageRequest({ top, continuation }));
    return listAnswer(page, auditView, { url });
  },
});

/** Reading the audit. */
export const auditEndpoints: readonly Endpoint[] = [list];

function auditView({ outcome, ...asked }: AuditRow) {
  return {
    ...asked,
    status: outcome?.status ?? null,
    ...(outcome?.code ? { code: outcome.code } : {}),
    runIds: outcome?.runIds ?? [],
  };
}
