/** One run of the job of notes: rows of the log, counters, failures. */
import { type PassDirection, passDirections } from '../../../domain/common/directions.ts';
import { notesJobName } from '../../../domain/documents/notedDocuments.ts';
import { subjectOf } from '../../../domain/documents/planNotes.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import { addCounters, type Counters, type SyncJob, zeroCounters } from '../../../domain/logs/syncJob.ts';
import { type CodeJobScope, finishCodeJobRow, openCodeJobRow } from '../../jobs/codeJob.ts';
import { renewLease } from '../../run/lease.ts';
import { exchangeNotes } from './exchangeNotes.ts';
import { countsOf, directionOf, type NoteEnd } from './noteEnds.ts';
import {
  closeNoteErrors,
  type FailedNote,
  isTold,
  type NoteRetries,
  readNoteRetries,
  retryKey,
  saveNoteFailures,
} from './noteErrors.ts';
import { type NoteBatch, type NoteScope, openNoteScope } from './noteScope.ts';

interface Row {
  readonly syncJob: SyncJob;
  counts: Counters;
}

export class NoteRun {
  readonly scope: NoteScope;
  readonly #job: CodeJobScope;
  readonly #retries: NoteRetries;
  /** Opened when a direction has something to tell, so that an idle run writes nothing. */
  readonly #rows = new Map<PassDirection, Row>();
  /** Notes that failed in this run; reads overlap, and each has one try per run. */
  readonly #failed = new Set<string>();
  /** How many couplings this run made. */
  coupled = 0;

  private constructor(job: CodeJobScope, scope: NoteScope, retries: NoteRetries) {
    this.#job = job;
    this.scope = scope;
    this.#retries = retries;
  }

  /** Reads what failed before. */
  static async open(job: CodeJobScope): Promise<NoteRun> {
    const { coupledCount, mayHaveRetries } = job.lease.state;
    const options = { type: 'order', mapping: notesJobName, coupledCount } as const;
    const [scope, retries] = await Promise.all([
      openNoteScope(job.ports, options),
      readNoteRetries(job.ports, notesJobName, mayHaveRetries),
    ]);
    return new NoteRun(job, scope, retries);
  }

  /** What failed before and was not cured yet. */
  get waiting(): readonly RetryRecord[] {
    return [...this.#retries.values()];
  }

  /**
   * Copies the notes of a batch both ways and writes down what became of each. False when there was nothing to do: a run that
   * stops after such a batch would not come any further. Safe to repeat.
   */
  async exchange(given: NoteBatch): Promise<boolean> {
    const batch = this.#withoutFailed(given);
    if (batch.documents.length === 0 || batch.notes.length + batch.annotations.length === 0) return false;
    await this.renew();
    const ends = await exchangeNotes(this.scope, batch);
    for (const direction of passDirections) {
      await this.#record(
        direction,
        ends.filter(({ action }) => directionOf(action) === direction),
      );
    }
    await this.#closeCured(batch);
    return ends.length > 0;
  }

  /** Notes of the retry list that wait for nothing any more. */
  async forget(entries: readonly RetryRecord[]): Promise<void> {
    await closeNoteErrors(this.scope.ports, notesJobName, this.#retries, entries);
  }

  /** Keeps the lease; raises SyncFailure `lease-lost` when another run took over. */
  async renew(): Promise<void> {
    await renewLease(this.#job.ports, this.#job.lease);
  }

  /** Adds to the counters of a direction. */
  async count(direction: PassDirection, counts: Partial<Counters>): Promise<void> {
    if (Object.values(counts).every((each) => each === 0)) return;
    const row = await this.row(direction);
    row.counts = addCounters(row.counts, counts);
  }

  /** The row of the log that errors of this direction belong to. */
  async row(direction: PassDirection): Promise<Row> {
    const known = this.#rows.get(direction);
    if (known) return known;
    const opened = { syncJob: await openCodeJobRow(this.#job, direction), counts: zeroCounters };
    this.#rows.set(direction, opened);
    return opened;
  }

  /** Finishes the rows; the requests of the run stand in the first of them. */
  async finish(): Promise<readonly SyncJob[]> {
    const { businessCentral, dataverse } = this.#job.meters;
    const all = { businessCentral: businessCentral.sent, dataverse: dataverse.sent };
    const finished: SyncJob[] = [];
    for (const { syncJob, counts } of this.#rows.values()) {
      const before = finished.length === 0 ? { businessCentral: 0, dataverse: 0 } : all;
      finished.push(await finishCodeJobRow(this.#job, syncJob, counts, '', before));
    }
    return finished;
  }

  #withoutFailed(batch: NoteBatch): NoteBatch {
    const isOpen = (side: RetryRecord['side'], id: RetryRecord['id']) =>
      !this.#failed.has(retryKey({ side, id }));
    return {
      ...batch,
      notes: batch.notes.filter(({ id }) => isOpen('businessCentral', id)),
      annotations: batch.annotations.filter(({ id }) => isOpen('dataverse', id)),
    };
  }

  async #record(direction: PassDirection, ends: readonly NoteEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const failed = ends.filter((end): end is FailedNote => end.status === 'failed');
    for (const { action } of failed) this.#failed.add(retryKey(subjectOf(action)));
    const news = failed.filter((each) => !isTold(this.#retries, each));
    const counts = { ...countsOf(ends), failed: news.length, skipped: failed.length - news.length };
    await this.count(direction, counts);
    this.coupled += counts.inserted ?? 0;
    if (news.length === 0) return;
    const { syncJob } = await this.row(direction);
    await saveNoteFailures(this.scope.ports, syncJob, this.#retries, news);
  }

  /** Notes of the batch that did not fail, also those about which there was nothing to do. */
  async #closeCured({ notes, annotations }: NoteBatch): Promise<void> {
    const met = [
      ...notes.map(({ id }) => retryKey({ side: 'businessCentral', id })),
      ...annotations.map(({ id }) => retryKey({ side: 'dataverse', id })),
    ];
    const cured = met.flatMap((key) => (this.#failed.has(key) ? [] : (this.#retries.get(key) ?? [])));
    await this.forget(cured);
  }
}
