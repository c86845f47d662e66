/** Making a sales order from a quote, as ConvertQuoteToSalesOrder does (D-17). */
import { DataverseError, errorCodes, rowNotFound } from '../errors.ts';
import { type ColumnValue, numberOf, type Row } from '../store/row.ts';
import type { WriteContext } from './context.ts';
import { afterRowWritten } from './dependentRows.ts';
import { freshId } from './freshId.ts';
import { winQuote, wonStatus } from './quoteStates.ts';
import { RowDraft } from './rowDraft.ts';
import { saveDraft } from './saveRow.ts';

const active = 1;
const won = 2;

/** What a row of a quote does not hand down: its own keys, states, numbers and what the platform keeps by itself. */
const own =
  /^(quoteid|quotedetailid|_quoteid_value|quotenumber|revisionnumber|statecode|statuscode|versionnumber|createdon|modifiedon|_createdby_value|_modifiedby_value)(@|$)|statecode$|_base$/;

/**
 * An active quote is won by it, a won one stays won; the new order is active and refers to its quote. Raises 400 for drafts
 * and closed quotes, 404 for a quote that does not exist.
 */
export function convertQuote(context: WriteContext, id: string): Row {
  const { store } = context.organisation;
  const quote = store.get('quote', id);
  if (!quote) throw rowNotFound('quote', id);
  const state = numberOf(quote, 'statecode');
  if (state !== active && state !== won) {
    const message = 'Only an active or won quote can be converted to a sales order.';
    throw new DataverseError(400, errorCodes.statusDoesNotFitState, message);
  }
  return store.transaction(() => {
    if (state === active) winQuote(context, id, wonStatus);
    const order = copy(context, 'salesorder', quote, { _quoteid_value: id });
    const orderId = String(order['salesorderid']);
    for (const line of [...store.table('quotedetail').withValue('_quoteid_value', id)]) {
      copy(context, 'salesorderdetail', line, { _salesorderid_value: orderId });
    }
    return store.get('salesorder', orderId) ?? order;
  });
}

/** The columns that both tables have; totals and states are worked out as for any new row. */
function copy(
  context: WriteContext,
  target: string,
  source: Row,
  links: Readonly<Record<string, ColumnValue>>,
): Row {
  const { organisation } = context;
  const table = organisation.store.tableOf(target);
  const draft = new RowDraft(context, table, freshId(organisation, table), null);
  for (const [property, value] of Object.entries(source)) {
    const [column = ''] = property.split('@');
    if (!own.test(property) && table.byProperty.has(column)) draft.changes[property] = value ?? null;
  }
  for (const [property, value] of Object.entries(links)) draft.set(property, value);
  const row = saveDraft(draft);
  afterRowWritten(draft);
  return row;
}
