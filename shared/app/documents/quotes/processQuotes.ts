/** Works on quotes of Sales: what is not coupled comes to Business Central, what was won gets its order (D-109, D-110). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import { isWon } from '../../../domain/documents/quoteStages.ts';
import type { DocumentEnd } from '../documentScope.ts';
import { createQuotes } from './createQuotes.ts';
import { couplingsOf, type QuoteRunScope, type QuoteScope } from './quoteScope.ts';
import { doneQuotes, settleWon } from './wonQuotes.ts';

/** A page of quotes, and what is left to do about them. */
export interface SortedPage {
  /** Nothing is left: coupled, and done where they were won. */
  readonly settled: readonly DataverseRow[];
  readonly open: readonly DataverseRow[];
  readonly couplings: ReadonlyMap<string, Coupling>;
}

/** Sorts a page by couplings and marks alone, so that old quotes cost no request to either service. */
export async function sortQuotes(scope: QuoteScope, headers: readonly DataverseRow[]): Promise<SortedPage> {
  const couplings = await couplingsOf(scope, headers);
  const coupled = headers.filter(({ id }) => couplings.has(id));
  const done = await doneQuotes(scope, coupled.filter(isWon));
  const settled = coupled.filter((header) => !isWon(header) || done.has(header.id));
  return { settled, open: headers.filter((header) => !settled.includes(header)), couplings };
}

export interface ProcessedQuotes {
  readonly ends: readonly DocumentEnd[];
  readonly ordersCreated: number;
}

/** One end per quote. Failures are ends, not exceptions. Safe to repeat. */
export async function processQuotes(
  scope: QuoteRunScope,
  open: readonly DataverseRow[],
  known: ReadonlyMap<string, Coupling>,
  intents: readonly CreateIntent[],
): Promise<ProcessedQuotes> {
  const uncoupled = open.filter(({ id }) => !known.has(id));
  const created = await createQuotes(scope, uncoupled, intents);
  const couplings = new Map([...known, ...(await couplingsOf(scope, uncoupled.filter(isWon)))]);
  const won = open.filter(isWon).flatMap((header) => {
    const coupling = couplings.get(header.id);
    return coupling ? [{ header, coupling }] : [];
  });
  const { failed, ordersCreated } = await settleWon(scope, won);
  const failedIds = new Set<string>(failed.map(({ id }) => id));
  const before = open.filter(({ id }) => known.has(id) && !failedIds.has(id));
  const ends = [
    ...created.filter(({ id }) => !failedIds.has(id)),
    ...before.map((header) => settledEnd(header, known)),
    ...failed,
  ];
  return { ends, ordersCreated };
}

/** The end of a quote about which nothing was left to do. */
export function settledEnd(header: DataverseRow, couplings: ReadonlyMap<string, Coupling>): DocumentEnd {
  const number = couplings.get(header.id)?.businessCentralName ?? '';
  return { id: header.id, header, status: 'alreadyCoupled', number };
}
