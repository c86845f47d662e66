/** Sees to the orders of won quotes and marks the quotes done (D-110, D-118). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import { waitsForUser } from '../../../domain/documents/documentFailures.ts';
import { documentProblem } from '../../../domain/documents/documentProblems.ts';
import { isSubmitted } from '../../../domain/documents/orderStages.ts';
import { documentName } from '../../../domain/documents/planDocument.ts';
import { orderOfQuote } from '../../../domain/documents/quoteStages.ts';
import { belongsToUs } from '../../../domain/sync/companyStamp.ts';
import type { RecordProblem } from '../../../domain/sync/problems.ts';
import { canonicalText } from '../../../domain/sync/values.ts';
import { type DocumentEnd, failedEnd } from '../documentScope.ts';
import { createOrders } from '../orders/createOrders.ts';
import { orderMappingName } from '../orders/orderScope.ts';
import { closeErrors, readOrderRetries, recordOrders } from '../orders/recordOrders.ts';
import { type QuoteRunScope, type QuoteScope, wonQuoteMappingName } from './quoteScope.ts';

/** A won quote with its coupling. */
export interface WonQuote {
  readonly header: DataverseRow;
  readonly coupling: Coupling;
}

export interface SettledQuotes {
  /** Quotes whose order is missing, or could not be made. */
  readonly failed: readonly DocumentEnd[];
  /** Orders this made. */
  readonly ordersCreated: number;
}

/** A won quote and its order in Sales. */
export interface WonOrder<Quote extends { readonly header: DataverseRow } = WonQuote> {
  readonly quote: Quote;
  readonly order: DataverseRow;
}

/** Which of these won quotes are done; costs nothing in either service. */
export async function doneQuotes(
  scope: QuoteScope,
  headers: readonly DataverseRow[],
): Promise<ReadonlySet<string>> {
  if (headers.length === 0) return new Set();
  const ids = headers.map(({ id }) => id);
  const count = await scope.coupledCount();
  const marks = await scope.ports.couplings.byDataverseIds(wonQuoteMappingName, ids, count);
  return new Set(marks.map(({ dataverseId }) => dataverseId));
}

/**
 * Finds the orders in Sales, creates those that are submitted, and marks the quotes done. A quote whose order is not
 * submitted is done, too: the order comes to Business Central by itself when it is (D-111). Safe to repeat.
 */
export async function settleWon(scope: QuoteRunScope, quotes: readonly WonQuote[]): Promise<SettledQuotes> {
  if (quotes.length === 0) return { failed: [], ordersCreated: 0 };
  const { missing, wanted, others, rows, before, intents } = await findOrders(scope, quotes);
  const made = await makeOrders(scope, wanted, intents);
  await forgetOthers(scope, others);
  const after = made.ends.length > 0 ? await orderCouplings(scope, rows) : before;
  const unmade = wanted.filter(({ order }) => !after.has(order.id));
  const failed = unmade.map((each) => failedEnd(each.quote.header, orderFailed(each, made.ends)));
  await markDone(
    scope,
    [...wanted, ...others].filter((each) => !unmade.includes(each)),
    after,
  );
  return { failed: [...missing, ...failed], ordersCreated: made.created };
}

/** The orders of won quotes, as they are before anything is written. */
export interface FoundOrders<Quote extends { readonly header: DataverseRow } = WonQuote> {
  /** Quotes that have no order in Sales. */
  readonly missing: readonly DocumentEnd[];
  /** To be created in Business Central. */
  readonly wanted: readonly WonOrder<Quote>[];
  /** Coupled already, not submitted, or another company's. */
  readonly others: readonly WonOrder<Quote>[];
  readonly rows: readonly DataverseRow[];
  readonly before: ReadonlyMap<string, Coupling>;
  /** Reservations of orders that stand. */
  readonly intents: readonly CreateIntent[];
}

/** Finds the orders in Sales and sorts them; writes nothing. */
export async function findOrders<Quote extends { readonly header: DataverseRow }>(
  scope: QuoteScope,
  quotes: readonly Quote[],
): Promise<FoundOrders<Quote>> {
  const rows = await ordersOf(scope, quotes);
  const before = await orderCouplings(scope, rows);
  const intents = await orderIntents(scope, rows);
  // An order on its way may be open for its stamp, so its state does not tell that it is wanted (D-21).
  const begun = new Set<string>(intents.map(({ dataverseId }) => dataverseId));
  const missing: DocumentEnd[] = [];
  const found: WonOrder<Quote>[] = [];
  for (const quote of quotes) {
    const own = rows.filter(({ values }) => canonicalText(values['quoteid']) === quote.header.id);
    const order = orderOfQuote(own, ({ id }) => before.has(id) || begun.has(id));
    if (order) found.push({ quote, order });
    else missing.push(failedEnd(quote.header, orderMissing(quote)));
  }
  const stamp = await scope.orders.company.stamp();
  const isWanted = ({ order }: WonOrder<Quote>) =>
    !before.has(order.id) && (begun.has(order.id) || (isSubmitted(order) && belongsToUs(stamp, order)));
  const wanted = found.filter(isWanted);
  return { missing, wanted, others: found.filter((each) => !wanted.includes(each)), rows, before, intents };
}

async function ordersOf(
  { ports, orders }: QuoteScope,
  quotes: readonly { readonly header: DataverseRow }[],
): Promise<readonly DataverseRow[]> {
  const ids = quotes.map(({ header }) => header.id);
  return ports.dataverse.readByValues(orders.headers, 'quoteid', ids);
}

async function orderCouplings(
  { ports, orders }: QuoteScope,
  rows: readonly DataverseRow[],
): Promise<ReadonlyMap<string, Coupling>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const found = await ports.couplings.byDataverseIds(orderMappingName, ids, await orders.coupledCount());
  return new Map(found.map((coupling) => [coupling.dataverseId as string, coupling]));
}

/** Reservations of orders that stand; those of other orders keep a lost one from being taken for another (D-69). */
async function orderIntents(
  { ports }: QuoteScope,
  rows: readonly DataverseRow[],
): Promise<readonly CreateIntent[]> {
  if (rows.length === 0) return [];
  const intents = await ports.couplings.intents(orderMappingName);
  return intents.filter(({ document }) => document !== undefined && document !== null);
}

/** Creates them as the job of orders would, with its own errors and its own waiting (D-71). */
async function makeOrders(
  scope: QuoteRunScope,
  wanted: readonly WonOrder[],
  intents: readonly CreateIntent[],
): Promise<{ readonly ends: readonly DocumentEnd[]; readonly created: number }> {
  if (wanted.length === 0) return { ends: [], created: 0 };
  const { ports, orders, syncJobId } = scope;
  const retries = await readOrderRetries(ports);
  const ids = wanted.map(({ order }) => order.id);
  const ends = await createOrders(orders, ids, {
    intents,
    waits: (header) => !scope.isAsked && waitsForUser(retries.get(header.id), header),
  });
  const { inserted } = await recordOrders(ports, syncJobId, ends, retries);
  return { ends, created: inserted };
}

/** An order that nobody wants created any more has no error; there may be no other job that would close it. */
async function forgetOthers({ ports }: QuoteScope, others: readonly WonOrder[]): Promise<void> {
  if (others.length === 0) return;
  const retries = await readOrderRetries(ports);
  await closeErrors(
    ports,
    others.flatMap(({ order }) => retries.get(order.id) ?? []),
  );
}

async function markDone(
  { ports }: QuoteScope,
  done: readonly WonOrder[],
  couplings: ReadonlyMap<string, Coupling>,
): Promise<void> {
  if (done.length === 0) return;
  const writes = done.map(({ quote, order }) => {
    const link = couplings.get(order.id) ?? quote.coupling;
    const { businessCentralId, businessCentralName } = link;
    const marked = {
      ...quote.coupling,
      mapping: wonQuoteMappingName,
      businessCentralId,
      businessCentralName,
    };
    return { kind: 'create', coupling: { ...marked, lastSyncedAt: ports.clock.now() } } as const;
  });
  await ports.couplings.save(wonQuoteMappingName, writes);
}

function orderMissing({ header }: { readonly header: DataverseRow }): RecordProblem {
  const message = 'The quote was won, but there is no order of it in Sales.';
  return documentProblem('quote', 'QUOTE_ORDER_MISSING', message, [header.id]);
}

/** Why a won quote is not done: its order could not be made. */
export function orderFailed({ order }: Pick<WonOrder, 'order'>, ends: readonly DocumentEnd[]): RecordProblem {
  const end = ends.find(({ id }) => id === order.id);
  const told = end?.status === 'failed' ? end.problem.message : 'It waits, as its own error tells.';
  const message = `The order ${documentName('order', order)} of the won quote could not be created: ${told}`;
  return documentProblem('quote', 'QUOTE_TO_ORDER_FAILED', message, [order.id]);
}
