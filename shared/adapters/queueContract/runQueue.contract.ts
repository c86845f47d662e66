/** What every run queue must do, whatever service carries it (platform C-23). */
import { expect, test } from 'vitest';
import { runId } from '../../domain/common/ids.ts';
import { runTriggers } from '../../domain/logs/syncJob.ts';
import type { RunMessage, RunQueue } from '../../ports/queue.ts';
import { failuresSchema, questionSchema, runMessageSchema } from '../storageQueue/runMessageSchema.ts';

/** A queue, and what a consumer sees of it. */
export interface QueueUnderTest {
  readonly queue: RunQueue;
  /** Takes everything that is due and completes it; bodies as the trigger hands them over. */
  takeDue(): Promise<readonly unknown[]>;
  /** Messages that are there, due or not. */
  held(): Promise<number>;
  /** Has the service set one message aside, as after its last delivery in vain. */
  setOneAside(): Promise<void>;
}

/** The n-th run of a job. */
export const runOf = (job: string, number: number, more: Partial<RunMessage> = {}): RunMessage => ({
  job,
  runId: runId(`01940000-0000-7000-8000-${String(number).padStart(12, '0')}`),
  trigger: 'manual',
  followedBy: [],
  ...more,
});

const day = 86_400;
const identities = (bodies: readonly unknown[]) =>
  bodies.map((body) => runMessageSchema.parse(body).runId).toSorted();

/** Registers the tests; `open` gives an empty queue each time. */
export function runQueueContract(open: () => Promise<QueueUnderTest>): void {
  test('a run arrives with everything it says, in a form that the schema takes (C-23)', async () => {
    const { queue, takeDue, held } = await open();
    const followedBy = runTriggers.map((trigger, index) => ({
      ...{ job: `JOB ${index}`, trigger },
      runId: runOf('', index + 2).runId,
    }));
    await queue.send(runOf('UNIT OF MEASURE', 1, { trigger: 'wake', followedBy }));
    const [body] = await takeDue();
    expect(runMessageSchema.parse(body)).toEqual(
      runOf('UNIT OF MEASURE', 1, { trigger: 'wake', followedBy }),
    );
    expect(failuresSchema.parse(body)).toEqual({ failures: 0 });
    expect(questionSchema.safeParse(body).success).toBe(false);
    expect(await held()).toBe(0);
  });

  test('runs sent at once all arrive, those of one job, too (C-23)', async () => {
    const { queue, takeDue } = await open();
    const runs = [1, 2, 3, 4].map((number) => runOf(number % 2 === 0 ? 'CUSTOMER' : 'VENDOR', number));
    await Promise.all(runs.map((run) => queue.send(run)));
    expect(identities(await takeDue())).toEqual(identities(runs));
  });

  test('what is due later is kept and not handed out yet, however late it is (C-10, C-23)', async () => {
    const { queue, takeDue, held } = await open();
    await queue.send(runOf('CUSTOMER', 1), 60);
    await queue.send(runOf('VENDOR', 2), 6 * day);
    await queue.send(runOf('CONTACT', 3), 1000 * day);
    await queue.ask('CUSTOMER', 12 * 3600);
    await queue.repeat(runOf('ITEM-PRODUCT', 4), 1, 60);
    expect(await takeDue()).toEqual([]);
    expect(await held()).toBe(5);
  });

  test('a delay that has passed is none (C-23)', async () => {
    const { queue, takeDue } = await open();
    await queue.send(runOf('CUSTOMER', 1), -5);
    expect(identities(await takeDue())).toEqual([runOf('CUSTOMER', 1).runId]);
  });

  test('a question is told apart from a run, and those for two jobs are two (C-23)', async () => {
    const { queue, held } = await open();
    await queue.ask('CUSTOMER', 60);
    await queue.ask('UNIT OF MEASURE', 60);
    expect(await held()).toBe(2);
  });

  test('what failed comes again with the number of its failures, be it a run or a question (C-21, C-23)', async () => {
    const { queue, takeDue, held } = await open();
    await queue.repeat(runOf('CUSTOMER', 1), 3, 0);
    const [body] = await takeDue();
    expect(runMessageSchema.parse(body)).toEqual(runOf('CUSTOMER', 1));
    expect(failuresSchema.parse(body)).toEqual({ failures: 3 });
    await queue.repeat({ ask: 'CUSTOMER' }, 2, 60);
    expect(await held()).toBe(1);
  });

  test('a delay that is no number never leaves (C-23)', async () => {
    const { queue, held } = await open();
    const refused = { code: 'invariant' };
    await expect(queue.send(runOf('CUSTOMER', 1), Number.NaN)).rejects.toMatchObject(refused);
    await expect(queue.ask('CUSTOMER', Number.POSITIVE_INFINITY)).rejects.toMatchObject(refused);
    await expect(queue.repeat(runOf('CUSTOMER', 1), 1, Number.NaN)).rejects.toMatchObject(refused);
    expect(await held()).toBe(0);
  });

  test('what was set aside is counted, and no longer handed out (C-23)', async () => {
    const { queue, takeDue, setOneAside } = await open();
    expect(await queue.setAside()).toBe(0);
    await setOneAside();
    expect(await queue.setAside()).toBe(1);
    expect(await takeDue()).toEqual([]);
  });
}
