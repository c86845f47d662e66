/** Schemas of the connection, its checks, and its switch. */
import { z } from 'zod';
import { checkCodes } from '../../../shared/app/queries/connectionReport.ts';
import { guid, instant, named } from '../../http/answerSchema.ts';

const checkShape = {
  name: z.string(),
  outcome: z.enum(['passed', 'warning', 'failed']),
  message: z.string(),
  whatToDo: z.string(),
  code: z.enum(checkCodes).exactOptional(),
};

const check = named('ConnectionCheck', z.strictObject(checkShape));

const filesCheck = z.strictObject({
  ...checkShape,
  problems: z.array(
    z.strictObject({
      file: z.string().nullable(),
      mapping: z.string().nullable(),
      code: z.string(),
      message: z.string(),
      path: z.string(),
    }),
  ),
});

const switchShape = {
  enabled: z.boolean(),
  changedAt: instant.nullable(),
  changedBy: z.string(),
  reason: z.string(),
};

const organisation = z.strictObject({ id: guid, name: z.string() });

/** Whether the integration is enabled. */
export const integrationSwitch = named('IntegrationSwitch', z.strictObject(switchShape));

/** State and checks of both connections. */
export const connection = named(
  'Connection',
  z.strictObject({
    ...switchShape,
    businessCentral: z.strictObject({
      url: z.url(),
      reachable: z.boolean(),
      company: organisation.nullable(),
      checks: z.array(check),
    }),
    dataverse: z.strictObject({
      url: z.url(),
      reachable: z.boolean(),
      organization: organisation.nullable(),
      userId: guid.nullable(),
      checks: z.array(check),
    }),
    checks: z.array(z.union([filesCheck, check])),
  }),
);
