/**
 * One run of the job of quotes: what is on its way first, then what changed in Sales, then what failed before.
 *
 * Changed quotes alone are read, so that a run with nothing to do costs one request however many quotes were won long ago;
 * what could not be done stands on the retry list and does not depend on a change of its quote (D-107). What is done about
 * a quote is the worker's: the run's writes, the plan's tells.
 */
import { SyncFailure } from '../../../domain/common/failures.ts';
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import { isTaken } from '../../../domain/documents/quoteStages.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import { belongsToUs, type CompanyStamp } from '../../../domain/sync/companyStamp.ts';
import type { DataverseChangePage } from '../../../ports/dataverse.ts';
import { readHeaders } from '../documentRows.ts';
import type { DocumentEnd } from '../documentScope.ts';
import { type DocumentRetries, readDocumentRetries } from '../recordDocuments.ts';
import { settledEnd, sortQuotes } from './processQuotes.ts';
import { byQuote, couplingsOf, type QuoteScope, quoteErrorsName, quoteMappingName } from './quoteScope.ts';

/** Quotes worked on together; the memory of a run does not depend on how many there are. */
const quotesPerChunk = 100;

/** Where the next run begins to read changes. */
export interface QuoteProgress {
  readonly position: string | null;
  readonly isPaused: boolean;
}

/** What becomes of quotes that were found. */
export interface QuoteWorker {
  /** Quotes on their way that nobody wants any more; `over`: reservations of quotes that are gone or coupled. */
  settleAbandoned(
    headers: readonly DataverseRow[],
    over: readonly CreateIntent[],
    intents: readonly CreateIntent[],
  ): Promise<void>;
  /** Quotes about which nothing is left to do. */
  settled(ends: readonly DocumentEnd[]): Promise<void>;
  process(
    open: readonly DataverseRow[],
    couplings: ReadonlyMap<string, Coupling>,
    intents: readonly CreateIntent[],
  ): Promise<void>;
  /** Entries of quotes that wait for nothing any more. */
  forget(entries: readonly RetryRecord[]): Promise<void>;
  /** Reservations that still stand. */
  intents(): Promise<readonly CreateIntent[]>;
  /** Whether to stop and go on later. */
  isSliceOver(): boolean;
}

/** What is known before the first quote is looked at. */
export interface QuotesBefore {
  readonly retries: DocumentRetries;
  readonly stamp: CompanyStamp;
  readonly intents: readonly CreateIntent[];
}

/** Reads what is on its way and what failed before. */
export async function readQuotesBefore({ ports, company }: QuoteScope): Promise<QuotesBefore> {
  const [retries, intents, stamp] = await Promise.all([
    readDocumentRetries(ports, quoteErrorsName),
    ports.couplings.intents(quoteMappingName),
    company.stamp(),
  ]);
  return { retries, intents, stamp };
}

export class QuoteRun {
  readonly #scope: QuoteScope;
  readonly #worker: QuoteWorker;
  readonly #retries: DocumentRetries;
  readonly #stamp: CompanyStamp;
  /** Quotes this run has worked on, as far as it may meet them again. */
  readonly #met = new Set<string>();
  /** Reservations that stood when the run began, or still stand. */
  #intents: readonly CreateIntent[];

  constructor(scope: QuoteScope, worker: QuoteWorker, { retries, stamp, intents }: QuotesBefore) {
    this.#scope = scope;
    this.#worker = worker;
    this.#retries = retries;
    this.#stamp = stamp;
    this.#intents = intents;
  }

  /** Works on named quotes alone, whatever they failed with before (D-107, D-156). Raises as {@link workThrough} does. */
  async workOn(ids: readonly DataverseId[]): Promise<void> {
    const headers = await readHeaders(this.#scope.ports, 'quote', ids);
    await this.#process(headers.filter((header) => this.#isOurs(header)));
  }

  /** Works until there is nothing left or the time slice is used up. Raises SyncFailure when the run cannot go on. */
  async workThrough(position: string | null): Promise<QuoteProgress> {
    await this.#finishBegun();
    const progress = await this.#workThroughChanges(position);
    if (!progress.isPaused) await this.#tryAgain();
    return progress;
  }

  /** What an earlier run began comes first: a later revision may follow on it. */
  async #finishBegun(): Promise<void> {
    if (this.#intents.length === 0) return;
    const ids = this.#intents.map(({ dataverseId }) => dataverseId);
    const headers = await readHeaders(this.#scope.ports, 'quote', ids);
    // A quote that took over the coupling of another one may have kept its reservation.
    const coupled = await couplingsOf(this.#scope, headers);
    const open = headers.filter(({ id }) => !coupled.has(id));
    const present = new Set<string>(open.map(({ id }) => id));
    const over = this.#intents.filter(({ dataverseId }) => !present.has(dataverseId));
    const abandoned = open.filter((header) => !this.#isOurs(header));
    await this.#worker.settleAbandoned(abandoned, over, this.#intents);
    for (const { id } of abandoned) this.#met.add(id);
    this.#intents = await this.#worker.intents();
    await this.#process(headers.filter((header) => this.#isOurs(header)));
    this.#intents = await this.#worker.intents();
  }

  async #workThroughChanges(from: string | null): Promise<QuoteProgress> {
    let position = from;
    for (;;) {
      const page = await this.#readPage(position);
      const wanted = page.rows.filter((row) => this.#isOurs(row) && !this.#isLeftForLater(row));
      const isDone = await this.#process(wanted);
      if (!isDone) return { position, isPaused: true };
      if (page.next === null) return { position: page.end, isPaused: false };
      position = page.next;
      if (this.#worker.isSliceOver()) return { position, isPaused: true };
    }
  }

  /** A position that is too old means reading every quote once more; couplings and marks tell which are done. */
  async #readPage(position: string | null): Promise<DataverseChangePage> {
    const { ports, headers } = this.#scope;
    try {
      return await ports.dataverse.readChanges({ selection: headers, position });
    } catch (error) {
      const isExpired = error instanceof SyncFailure && error.code === 'change-tracking-expired';
      if (!isExpired || position === null) throw error;
      ports.log('warning', 'change-tracking-expired', { table: headers.table });
      return ports.dataverse.readChanges({ selection: headers, position: null });
    }
  }

  /** Each run takes them up again, as Business Central does: what they lack may have come meanwhile (D-107). */
  async #tryAgain(): Promise<void> {
    const ids = [...this.#retries.values()].filter(({ id }) => !this.#met.has(id)).map(({ id }) => id);
    for (let first = 0; first < ids.length; first += quotesPerChunk) {
      const chunk = ids.slice(first, first + quotesPerChunk) as readonly DataverseId[];
      const headers = await readHeaders(this.#scope.ports, 'quote', chunk);
      const wanted = headers.filter((header) => this.#isOurs(header));
      await this.#forget(chunk.filter((id) => !wanted.some((header) => header.id === id)));
      await this.#process(wanted);
      if (this.#worker.isSliceOver()) return;
    }
  }

  /** Quotes that were closed, deleted or given to another company meanwhile wait for nothing any more. */
  async #forget(ids: readonly DataverseId[]): Promise<void> {
    await this.#worker.forget(ids.flatMap((id) => this.#retries.get(id) ?? []));
  }

  /** False when the time slice ended before all of them had their turn. */
  async #process(headers: readonly DataverseRow[]): Promise<boolean> {
    const { settled, open, couplings } = await sortQuotes(this.#scope, headers);
    await this.#worker.settled(settled.map((header) => settledEnd(header, couplings)));
    for (const { id } of headers) if (this.#retries.has(id) || this.#isBegun(id)) this.#met.add(id);
    for (let first = 0; first < open.length; first += quotesPerChunk) {
      const chunk = open.slice(first, first + quotesPerChunk);
      await this.#worker.process(chunk, couplings, this.#intents);
      const isLast = first + quotesPerChunk >= open.length;
      if (!isLast && this.#worker.isSliceOver()) return false;
    }
    return true;
  }

  #isOurs(header: DataverseRow): boolean {
    return isTaken(header) && belongsToUs(this.#stamp, header);
  }

  /** What failed and did not change since has its turn at the end; so a page of failures cannot hold up those behind it. */
  #isLeftForLater({ id, modifiedAt }: DataverseRow): boolean {
    const entry = this.#retries.get(id);
    return this.#met.has(id) || (entry !== undefined && entry.modifiedAt >= modifiedAt);
  }

  #isBegun(id: string): boolean {
    return byQuote(this.#intents).has(id);
  }
}
