/** Winning, closing and revising quotes: what PATCH alone does not do (dataverse-web-api section 8, D-13, D-17). */
import { DataverseError, errorCodes, rowNotFound } from '../errors.ts';
import { numberOf, type Row } from '../store/row.ts';
import type { WriteContext } from './context.ts';
import { freshId } from './freshId.ts';
import { RowDraft } from './rowDraft.ts';
import { kindOfHeader } from './rules/documents.ts';
import { storeDraft } from './saveRow.ts';
import { updateRow } from './updateRow.ts';

const active = 1;
/** The only status of a won quote. */
export const wonStatus = 4;
const won = { statecode: 2, statuscode: wonStatus } as const;
const closed = 3;
const revised = 7;
/** Lost, Canceled, Revised. */
const closingStatuses: readonly number[] = [5, 6, revised];

/** Active becomes Won. Raises 400 for a quote that is not active, or for another status. */
export function winQuote(context: WriteContext, id: string, status: number): void {
  const quote = quoteOf(context, id);
  if (status !== won.statuscode) refuse(`${status} is not a valid status code for a won quote.`);
  if (numberOf(quote, 'statecode') !== active) refuse('Only an active quote can be won.');
  change(context, id, won);
}

/** Active becomes Closed with the status. Raises 400 for a quote that is not active, or for another status. */
export function closeQuote(context: WriteContext, id: string, status: number): void {
  const quote = quoteOf(context, id);
  if (!closingStatuses.includes(status)) refuse(`${status} is not a valid status code for a closed quote.`);
  if (numberOf(quote, 'statecode') !== active) refuse('Only an active quote can be closed.');
  change(context, id, { statecode: closed, statuscode: status });
}

/**
 * Closes the quote as revised and makes a draft of the same number with the next revision and copies of its lines.
 * Raises 400 for drafts, won quotes and quotes that were revised before.
 */
export function reviseQuote(context: WriteContext, id: string): Row {
  const quote = quoteOf(context, id);
  const state = numberOf(quote, 'statecode');
  const isRevisable = state === active || (state === closed && numberOf(quote, 'statuscode') !== revised);
  if (!isRevisable) refuse('Only an active or closed quote that was not revised before can be revised.');
  return context.organisation.store.transaction(() => {
    change(context, id, { statecode: closed, statuscode: revised });
    return copyQuote(context, quote);
  });
}

function quoteOf({ organisation }: WriteContext, id: string): Row {
  const quote = organisation.store.get('quote', id);
  if (!quote) throw rowNotFound('quote', id);
  return quote;
}

function refuse(message: string): never {
  throw new DataverseError(400, errorCodes.statusDoesNotFitState, message);
}

function change(context: WriteContext, id: string, state: { statecode: number; statuscode: number }): void {
  updateRow(context, context.organisation.store.tableOf('quote'), id, state);
}

function copyQuote(context: WriteContext, quote: Row): Row {
  const { store } = context.organisation;
  const header = copyRow(context, 'quote', quote, {
    statecode: 0,
    statuscode: 1,
    revisionnumber: (numberOf(quote, 'revisionnumber') ?? 0) + 1,
  });
  const lines = store.table('quotedetail').withValue('_quoteid_value', String(quote['quoteid']));
  const lineState = kindOfHeader('quote')?.lineState ?? '';
  for (const line of [...lines]) {
    copyRow(context, 'quotedetail', line, { _quoteid_value: header['quoteid'] ?? null, [lineState]: 0 });
  }
  return header;
}

function copyRow(context: WriteContext, name: string, source: Row, changes: Row): Row {
  const { organisation } = context;
  const table = organisation.store.tableOf(name);
  const draft = new RowDraft(context, table, freshId(organisation, table), null);
  for (const [property, value] of Object.entries(source)) {
    if (property !== table.primaryId) draft.changes[property] = value ?? null;
  }
  for (const [property, value] of Object.entries(changes)) draft.set(property, value ?? null);
  return storeDraft(draft);
}
