/** WinQuote, CloseQuote, ReviseQuote, ConvertQuoteToSalesOrder as unbound actions (dataverse-web-api section 8, D-17). */
import { z } from 'zod';
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload } from '../errors.ts';
import { bodyOf, jsonResponse, noContent, type RequestContext } from '../http/requestContext.ts';
import { presentation, presentRow } from '../query/present.ts';
import type { Row } from '../store/row.ts';
import { type WriteContext, writeContext } from '../write/context.ts';
import { convertQuote } from '../write/convertQuote.ts';
import { parseReference } from '../write/parseBody.ts';
import { closeQuote, reviseQuote, winQuote } from '../write/quoteStates.ts';

const closeSchema = z.object({
  QuoteClose: z.looseObject({
    '@odata.type': z
      .string()
      .regex(/^#?Microsoft\.Dynamics\.CRM\.quoteclose$/)
      .optional(),
    'quoteid@odata.bind': z.string(),
  }),
  Status: z.int(),
});
const makingSchema = z.looseObject({
  QuoteId: z.guid(),
  ColumnSet: z.looseObject({ AllColumns: z.boolean().optional(), Columns: z.array(z.string()).optional() }),
});

type Change = (context: WriteContext, id: string, status: number) => void;

/** The action of this name; null when there is none. */
export function quoteAction(name: string): ((context: RequestContext) => SimulatorResponse) | null {
  switch (name) {
    case 'WinQuote':
      return (context) => end(context, winQuote);
    case 'CloseQuote':
      return (context) => end(context, closeQuote);
    case 'ReviseQuote':
      return (context) => answerWith(context, 'quote', reviseQuote);
    case 'ConvertQuoteToSalesOrder':
      return (context) => answerWith(context, 'salesorder', convertQuote);
    default:
      return null;
  }
}

function end(context: RequestContext, change: Change): SimulatorResponse {
  const { QuoteClose: activity, Status: status } = checked(context, closeSchema);
  const { table, id } = parseReference(context.organisation.schema, activity['quoteid@odata.bind']);
  if (table.logicalName !== 'quote') throw badPayload("'quoteid@odata.bind' must address a quote.");
  change(writeContext(context.organisation, context.acting), id, status);
  return noContent();
}

/** Both make a row from a quote and answer with the columns that were asked for. */
function answerWith(
  context: RequestContext,
  tableName: 'quote' | 'salesorder',
  make: (context: WriteContext, id: string) => Row,
): SimulatorResponse {
  const { QuoteId: id, ColumnSet: columns } = checked(context, makingSchema);
  const { organisation, preferences, base } = context;
  const names = columns.AllColumns === true ? null : (columns.Columns ?? []);
  const table = organisation.store.tableOf(tableName);
  const shown = presentation(organisation, table, names, preferences);
  const row = make(writeContext(organisation, context.acting), id.toLowerCase());
  const head = { '@odata.context': `${base}/$metadata#${table.entitySet}/$entity` };
  return jsonResponse(context, { ...head, ...presentRow(row, shown) });
}

function checked<Parameters>(context: RequestContext, schema: z.ZodType<Parameters>): Parameters {
  const result = schema.safeParse(bodyOf(context));
  if (!result.success) throw badPayload(z.prettifyError(result.error));
  return result.data;
}
