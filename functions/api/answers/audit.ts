/** Schema of the audit, an addition to the contract. */
import { z } from 'zod';
import { guid, instant, named } from '../../http/answerSchema.ts';

/** One thing that somebody asked for. */
export const auditRow = named(
  'AuditRow',
  z.strictObject({
    id: guid,
    at: instant,
    user: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    input: z.unknown(),
    status: z.int().nullable(),
    code: z.string().exactOptional(),
    runIds: z.array(guid),
  }),
);
