/**
 * WinOpportunity and LoseOpportunity as unbound actions (D-13, D-17, dataverse-web-api section 8). Not simulated: the close
 * activity as a row of its own.
 */
import { z } from 'zod';
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload, DataverseError, errorCodes, rowNotFound } from '../errors.ts';
import { bodyOf, noContent, type RequestContext } from '../http/requestContext.ts';
import { numberOf } from '../store/row.ts';
import { writeContext } from '../write/context.ts';
import { parseReference } from '../write/parseBody.ts';
import { updateRow } from '../write/updateRow.ts';

const bodySchema = z.object({
  OpportunityClose: z.looseObject({
    '@odata.type': z
      .string()
      .regex(/^#?Microsoft\.Dynamics\.CRM\.opportunityclose$/)
      .optional(),
    'opportunityid@odata.bind': z.string(),
  }),
  Status: z.int(),
});

/** State and statuses an action leads to; -1 asks for the first. */
const closings = {
  WinOpportunity: { statecode: 1, statuses: [3] },
  LoseOpportunity: { statecode: 2, statuses: [4, 5] },
} as const;

/** The action of this name; null when there is none. */
export function opportunityAction(name: string): ((context: RequestContext) => SimulatorResponse) | null {
  return name in closings ? (context) => close(context, name as keyof typeof closings) : null;
}

/** Only open opportunities can be won or lost. */
function close(context: RequestContext, name: keyof typeof closings): SimulatorResponse {
  const body = bodySchema.safeParse(bodyOf(context));
  if (!body.success) throw badPayload(z.prettifyError(body.error));
  const { organisation, acting } = context;
  const { schema, store } = organisation;
  const { table, id } = parseReference(schema, body.data.OpportunityClose['opportunityid@odata.bind']);
  if (table.logicalName !== 'opportunity')
    throw badPayload("'opportunityid@odata.bind' must address an opportunity.");
  const row = store.get(table, id);
  if (!row) throw rowNotFound('opportunity', id);
  const { statecode, statuses } = closings[name];
  const asked = body.data.Status;
  const allowed: readonly number[] = [-1, ...statuses];
  if (!allowed.includes(asked)) refuse(`${asked} is not a valid status code for ${name}.`);
  if (numberOf(row, 'statecode') !== 0) refuse('Only an open opportunity can be won or lost.');
  const statuscode = asked === -1 ? statuses[0] : asked;
  updateRow(writeContext(organisation, acting), table, id, { statecode, statuscode });
  return noContent();
}

function refuse(message: string): never {
  throw new DataverseError(400, errorCodes.statusDoesNotFitState, message);
}
