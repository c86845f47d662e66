/**
 * FulfillSalesOrder and CancelSalesOrder, unbound (documents D-17, dataverse-web-api section 8). Not simulated: the close
 * activity as a row of its own.
 */
import { z } from 'zod';
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload, invalidArgument, rowNotFound } from '../errors.ts';
import { bodyOf, noContent, type RequestContext } from '../http/requestContext.ts';
import { numberOf } from '../store/row.ts';
import { writeContext } from '../write/context.ts';
import { parseReference } from '../write/parseBody.ts';
import { updateRow } from '../write/updateRow.ts';

const bodySchema = z.object({
  OrderClose: z.looseObject({
    '@odata.type': z.string().regex(/^#?Microsoft\.Dynamics\.CRM\.orderclose$/),
    'salesorderid@odata.bind': z.string(),
  }),
  Status: z.int(),
});

/** State and statuses an action leads to. */
const closings = {
  FulfillSalesOrder: { statecode: 3, statuses: [-1, 100_001, 100_002], defaultStatus: 100_001 },
  CancelSalesOrder: { statecode: 2, statuses: [-1, 4], defaultStatus: 4 },
} as const;
type Closing = keyof typeof closings;

/** The action of this name; null when there is none. */
export function orderAction(name: string): ((context: RequestContext) => SimulatorResponse) | null {
  return name in closings ? (context) => closeOrder(context, name as Closing) : null;
}

/** Only active and submitted orders can be closed. */
function closeOrder(context: RequestContext, name: Closing): SimulatorResponse {
  const body = bodySchema.safeParse(bodyOf(context));
  if (!body.success) throw badPayload(z.prettifyError(body.error));
  const { statecode, statuses, defaultStatus } = closings[name];
  const { organisation, acting } = context;
  const table = organisation.schema.byName.get('salesorder');
  const { id } = parseReference(organisation.schema, body.data.OrderClose['salesorderid@odata.bind']);
  const row = table && organisation.store.get(table, id);
  if (!table || !row) throw rowNotFound('salesorder', id);
  const allowed: readonly number[] = statuses;
  if (!allowed.includes(body.data.Status))
    throw invalidArgument(`${body.data.Status} is not a valid status.`);
  if ((numberOf(row, 'statecode') ?? 0) > 1) throw invalidArgument('The sales order is closed already.');
  const statuscode = body.data.Status === -1 ? defaultStatus : body.data.Status;
  updateRow(writeContext(organisation, acting), table, id, { statecode, statuscode });
  return noContent();
}
