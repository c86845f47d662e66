/**
 * One run of the job of quotes: what is on its way first, then what changed in Sales, then what failed before.
 *
 * Changed quotes alone are read, so that a run with nothing to do costs one request however many quotes were won long ago;
 * what could not be done stands on the retry list and does not depend on a change of its quote (D-107).
 */
import { SyncFailure } from '../../../domain/common/failures.ts';
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { Instant } from '../../../domain/common/instants.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { CreateIntent } from '../../../domain/couplings/coupling.ts';
import { isTaken } from '../../../domain/documents/quoteStages.ts';
import { addCounters, type Counters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import { belongsToUs, type CompanyStamp } from '../../../domain/sync/companyStamp.ts';
import type { DataverseChangePage } from '../../../ports/dataverse.ts';
import { readHeaders } from '../documentRows.ts';
import type { DocumentEnd } from '../documentScope.ts';
import {
  closeDocumentErrors,
  type DocumentRetries,
  readDocumentRetries,
  recordDocuments,
} from '../recordDocuments.ts';
import { settleAbandoned } from './abandonedQuotes.ts';
import { processQuotes, settledEnd, sortQuotes } from './processQuotes.ts';
import { byQuote, couplingsOf, type QuoteScope, quoteErrorsName, quoteMappingName } from './quoteScope.ts';

/** Quotes worked on together; the memory of a run does not depend on how many there are. */
const quotesPerChunk = 100;

/** Where the next run begins to read changes. */
export interface QuoteProgress {
  readonly position: string | null;
  readonly isPaused: boolean;
}

export class QuoteRun {
  readonly #scope: QuoteScope;
  readonly #sliceEnd: Instant;
  readonly #retries: DocumentRetries;
  readonly #stamp: CompanyStamp;
  /** Quotes this run has worked on, as far as it may meet them again. */
  readonly #met = new Set<string>();
  /** Reservations that stood when the run began, or still stand. */
  #intents: readonly CreateIntent[];
  counts: Counters = zeroCounters;
  ordersCreated = 0;

  private constructor(
    scope: QuoteScope,
    sliceEnd: Instant,
    retries: DocumentRetries,
    stamp: CompanyStamp,
    intents: readonly CreateIntent[],
  ) {
    this.#scope = scope;
    this.#sliceEnd = sliceEnd;
    this.#retries = retries;
    this.#stamp = stamp;
    this.#intents = intents;
  }

  /** Reads what is on its way and what failed before. */
  static async open(scope: QuoteScope, sliceEnd: Instant): Promise<QuoteRun> {
    const [retries, intents, stamp] = await Promise.all([
      readDocumentRetries(scope.ports, quoteErrorsName),
      scope.ports.couplings.intents(quoteMappingName),
      scope.company.stamp(),
    ]);
    return new QuoteRun(scope, sliceEnd, retries, stamp, intents);
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
    await this.#record(await settleAbandoned(this.#scope, abandoned, over, this.#intents));
    for (const { id } of abandoned) this.#met.add(id);
    this.#intents = await this.#scope.ports.couplings.intents(quoteMappingName);
    await this.#process(headers.filter((header) => this.#isOurs(header)));
    this.#intents = await this.#scope.ports.couplings.intents(quoteMappingName);
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
      if (this.#isSliceOver()) return { position, isPaused: true };
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
      if (this.#isSliceOver()) return;
    }
  }

  /** Quotes that were closed, deleted or given to another company meanwhile wait for nothing any more. */
  async #forget(ids: readonly DataverseId[]): Promise<void> {
    const entries = ids.flatMap((id) => this.#retries.get(id) ?? []);
    await closeDocumentErrors(this.#scope.ports, quoteErrorsName, entries);
  }

  /** False when the time slice ended before all of them had their turn. */
  async #process(headers: readonly DataverseRow[]): Promise<boolean> {
    const { settled, open, couplings } = await sortQuotes(this.#scope, headers);
    await this.#record(settled.map((header) => settledEnd(header, couplings)));
    for (const { id } of headers) if (this.#retries.has(id) || this.#isBegun(id)) this.#met.add(id);
    for (let first = 0; first < open.length; first += quotesPerChunk) {
      const chunk = open.slice(first, first + quotesPerChunk);
      const { ends, ordersCreated } = await processQuotes(this.#scope, chunk, couplings, this.#intents);
      this.ordersCreated += ordersCreated;
      await this.#record(ends);
      const isLast = first + quotesPerChunk >= open.length;
      if (!isLast && this.#isSliceOver()) return false;
    }
    return true;
  }

  async #record(ends: readonly DocumentEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const { ports, type, syncJobId } = this.#scope;
    const record = { type, mapping: quoteErrorsName, syncJobId };
    const counts = await recordDocuments(ports, record, ends, this.#retries);
    this.counts = addCounters(this.counts, counts);
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

  #isSliceOver(): boolean {
    return this.#scope.ports.clock.now() >= this.#sliceEnd;
  }
}
