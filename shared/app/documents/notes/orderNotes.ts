/**
 * SALES ORDER NOTES: notes of coupled orders, both ways (D-103 to D-106).
 *
 * What failed before comes first, then new notes of Business Central, new and changed notes of Sales, then all notes of orders
 * that were coupled since. How far was read is remembered when everything read has an outcome on record (P7).
 */
import { later } from '../../../domain/common/instants.ts';
import { readFrom } from '../../../domain/sync/watermark.ts';
import type { CodeJobResult, CodeJobScope } from '../../jobs/codeJob.ts';
import { closeStrayErrors } from '../../run/strayErrors.ts';
import { changedInBusinessCentral, changedInSales } from './changedNotes.ts';
import { firstLooks, forgetMarks, markAsLookedAt, ordersToLookAt } from './firstLooks.ts';
import { fullyRead, type NoteProgress, noteProgress, partlyRead, stateOf } from './noteProgress.ts';
import { NoteRun } from './noteRun.ts';
import { missingNotes, tellNotesOff } from './notesPage.ts';
import { isComparisonDue, removeNotesOfDeleted } from './removedNotes.ts';
import { retriedNotes } from './retriedNotes.ts';

/** The job. Without the companion page it does nothing, and says so. Safe to repeat. */
export async function orderNotes(job: CodeJobScope): Promise<CodeJobResult> {
  const { ports, lease } = job;
  const missing = await missingNotes(ports);
  if (missing) {
    tellNotesOff(ports.log, missing);
    return { status: 'done', syncJobs: [], shortcomings: [missing] };
  }
  await closeStrayErrors(ports, lease.state);
  const run = await NoteRun.open(job);
  const work = new NoteWork(job, run);
  const isDone = await work.carryOut();
  const syncJobs = await run.finish();
  const state = {
    ...stateOf(work.progress),
    coupledCount: lease.state.coupledCount + run.coupled,
    mayHaveRetries: run.waiting.length > 0,
  };
  return isDone
    ? { status: 'done', syncJobs, state: { ...state, mayHaveLeftovers: false } }
    : { status: 'paused', state };
}

class NoteWork {
  readonly #job: CodeJobScope;
  readonly #run: NoteRun;
  progress: NoteProgress;

  constructor(job: CodeJobScope, run: NoteRun) {
    this.#job = job;
    this.#run = run;
    this.progress = noteProgress(job.lease.state, job.ports.clock.now());
  }

  /** False when the time slice ended before everything had its turn. */
  async carryOut(): Promise<boolean> {
    await this.#tryAgain();
    const steps = [
      () => this.#changesOfBusinessCentral(),
      () => this.#changesOfSales(),
      () => this.#newOrders(),
      () => this.#deletedInSales(),
    ];
    for (const step of steps) if (!(await step())) return false;
    return true;
  }

  async #tryAgain(): Promise<void> {
    const { waiting } = this.#run;
    if (waiting.length === 0) return;
    const { batch, over } = await retriedNotes(this.#job.ports, waiting);
    await this.#run.forget(over);
    await this.#run.exchange(batch);
  }

  async #changesOfBusinessCentral(): Promise<boolean> {
    const { ports } = this.#job;
    const startedAt = ports.clock.now();
    const opened = this.progress.businessCentral;
    for await (const { batch, newest } of changedInBusinessCentral(ports, readFrom(opened))) {
      const hasWritten = await this.#run.exchange(batch);
      this.progress = partlyRead(this.progress, newest);
      if (hasWritten && this.#isSliceOver()) return false;
    }
    const { newest } = this.progress.businessCentral;
    this.progress = fullyRead(this.progress, 'businessCentral', opened, newest, startedAt);
    return true;
  }

  /** They come in no order, so that only a complete read moves the watermark. */
  async #changesOfSales(): Promise<boolean> {
    const { ports } = this.#job;
    const startedAt = ports.clock.now();
    const opened = this.progress.sales;
    let newest = opened.newest;
    for await (const changed of changedInSales(ports, readFrom(opened))) {
      const hasWritten = await this.#run.exchange(changed.batch);
      newest = later(newest, changed.newest);
      if (hasWritten && this.#isSliceOver()) return false;
    }
    this.progress = fullyRead(this.progress, 'sales', opened, newest, startedAt);
    return true;
  }

  async #newOrders(): Promise<boolean> {
    const { ports } = this.#job;
    const { orders, stale } = await ordersToLookAt(ports);
    await forgetMarks(ports, stale);
    for await (const batch of firstLooks(ports, orders)) {
      await this.#run.exchange(batch);
      await markAsLookedAt(ports, batch.documents);
      if (this.#isSliceOver()) return false;
    }
    return true;
  }

  async #deletedInSales(): Promise<boolean> {
    const { ports } = this.#job;
    if (!isComparisonDue(ports, this.progress.comparedAt)) return true;
    await removeNotesOfDeleted(this.#run);
    this.progress = { ...this.progress, comparedAt: ports.clock.now() };
    return true;
  }

  #isSliceOver(): boolean {
    return this.#job.ports.clock.now() >= this.#job.sliceEnd;
  }
}
