/** Carries out what a run of quotes finds to be done, and writes down what became of it. */

import type { Instant } from '../../../domain/common/instants.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import { addCounters, type Counters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { DocumentEnd } from '../documentScope.ts';
import { closeDocumentErrors, type DocumentRetries, recordDocuments } from '../recordDocuments.ts';
import { settleAbandoned } from './abandonedQuotes.ts';
import { processQuotes } from './processQuotes.ts';
import type { QuoteWorker } from './quoteRun.ts';
import { type QuoteRunScope, quoteErrorsName, quoteMappingName } from './quoteScope.ts';

/** The worker of a run; counts up as it goes. */
export class QuoteWriter implements QuoteWorker {
  readonly #scope: QuoteRunScope;
  readonly #retries: DocumentRetries;
  readonly #sliceEnd: Instant;
  counts: Counters = zeroCounters;
  ordersCreated = 0;

  constructor(scope: QuoteRunScope, retries: DocumentRetries, sliceEnd: Instant) {
    this.#scope = scope;
    this.#retries = retries;
    this.#sliceEnd = sliceEnd;
  }

  async settleAbandoned(
    headers: readonly DataverseRow[],
    over: readonly CreateIntent[],
    intents: readonly CreateIntent[],
  ): Promise<void> {
    await this.settled(await settleAbandoned(this.#scope, headers, over, intents));
  }

  /** Writes errors, closes others, and counts. */
  async settled(ends: readonly DocumentEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const { ports, type, syncJobId } = this.#scope;
    const record = { type, mapping: quoteErrorsName, syncJobId };
    const counts = await recordDocuments(ports, record, ends, this.#retries);
    this.counts = addCounters(this.counts, counts);
  }

  async process(
    open: readonly DataverseRow[],
    couplings: ReadonlyMap<string, Coupling>,
    intents: readonly CreateIntent[],
  ): Promise<void> {
    const { ends, ordersCreated } = await processQuotes(this.#scope, open, couplings, intents);
    this.ordersCreated += ordersCreated;
    await this.settled(ends);
  }

  forget(entries: readonly RetryRecord[]): Promise<void> {
    return closeDocumentErrors(this.#scope.ports, quoteErrorsName, entries);
  }

  intents(): Promise<readonly CreateIntent[]> {
    return this.#scope.ports.couplings.intents(quoteMappingName);
  }

  isSliceOver(): boolean {
    return this.#scope.ports.clock.now() >= this.#sliceEnd;
  }
}
