/** What becomes of messages whose work fails, whichever service brought them (C-21). */
import { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { createComposition } from '../../shared/composition/composition.ts';
import { parseSettings } from '../../shared/composition/settings.ts';
import { fakeProbes, fakeSubscriptions } from '../../shared/composition/testing/fakeServices.ts';
import {
  createMemoryRunQueue,
  memoryComposition,
} from '../../shared/composition/testing/memoryComposition.ts';
import { validEnvironment } from '../../shared/composition/testing/validSettings.ts';
import { type FailureDetails, SyncFailure } from '../../shared/domain/common/failures.ts';
import { runId } from '../../shared/domain/common/ids.ts';
import { receiveMessage } from './receiveMessage.ts';

const run = {
  job: 'CUSTOMER',
  runId: runId('01940000-0000-7000-8000-000000000001'),
  trigger: 'manual',
  followedBy: [],
} as const;
const away: FailureDetails = { kind: 'transient', code: 'storage-unavailable', message: 'Storage is away.' };

interface Trouble {
  /** What opening the app raises; nothing when it opens. */
  readonly opening?: FailureDetails;
  /** What handing a message over raises. */
  readonly sending?: FailureDetails;
}

function app(trouble: Trouble = {}) {
  const queue = createMemoryRunQueue();
  const events: { event: string; details: Readonly<Record<string, unknown>> }[] = [];
  const log: SyncPorts['log'] = (_level, event, details) => void events.push({ event, details });
  const refuse = async () => {
    if (trouble.sending) throw new SyncFailure(trouble.sending);
  };
  const sending: SyncPorts['queue'] = {
    ...queue,
    repeat: async (...input) => {
      await refuse();
      await queue.repeat(...input);
    },
  };
  const { ports } = memoryComposition({ ports: { queue: sending, log } });
  const composition = createComposition(
    parseSettings(validEnvironment),
    () => ({
      ports,
      mappingFiles: { read: async () => ({ files: [], unreadable: [] }) },
      prepare: async () => {
        if (trouble.opening) throw new SyncFailure(trouble.opening);
      },
      close: async () => {},
      subscriptions: fakeSubscriptions(),
      probes: fakeProbes,
    }),
    { pause: async () => {}, elapsedMs: () => 0 },
  );
  const context = new InvocationContext({ functionName: 'job-slices', logHandler: () => {} });
  return { ports, queue, events, receive: (item: unknown) => receiveMessage(composition, item, context) };
}

describe('a message', () => {
  it('is carried out, be it a run or a question', async () => {
    const { ports, queue, receive } = app();
    await receive({ ask: 'CUSTOMER' });
    expect(queue.sent).toMatchObject([{ message: { job: 'CUSTOMER', trigger: 'timer' } }]);
    await receive(run);
    expect((await ports.jobs.get('CUSTOMER'))?.entry.lastRun).toMatchObject({ runId: run.runId });
    expect(queue.repeated).toEqual([]);
  });

  it('that fails counts as done and comes again later, with all it said (C-21)', async () => {
    const { queue, events, receive } = app({ opening: away });
    const followedBy = [{ job: 'CONTACT', runId: run.runId, trigger: 'fullSync' }];
    await receive({ ...run, followedBy });
    await receive({ ask: 'CUSTOMER', failures: 3 });
    expect(queue.repeated).toEqual([
      { message: { ...run, followedBy }, failures: 1, delaySeconds: 5 },
      { message: { ask: 'CUSTOMER' }, failures: 4, delaySeconds: 40 },
    ]);
    expect(events.map(({ event }) => event)).toEqual(['message-repeated', 'message-repeated']);
    expect(events[0]?.details).toMatchObject({ job: 'CUSTOMER', code: 'storage-unavailable', failures: 1 });
  });

  it('that cannot even be handed over again is left to the host (C-21)', async () => {
    const sending = { ...away, code: 'service-bus-unavailable', message: 'No namespace.' };
    const { events, receive } = app({ opening: away, sending });
    await expect(receive(run)).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect(events).toMatchObject([{ event: 'message-not-repeated', details: { reason: 'No namespace.' } }]);
  });

  it('that failed too often is left to the host, which sets it aside, and the log tells why (C-21)', async () => {
    const bug = app({ opening: { kind: 'bug', code: 'invariant', message: 'It cannot be.' } });
    await bug.receive({ ...run, failures: 4 });
    await expect(bug.receive({ ...run, failures: 5 })).rejects.toMatchObject({ code: 'invariant' });
    expect(bug.events.map(({ event }) => event)).toEqual(['message-repeated', 'message-given-up']);
    const outage = app({ opening: away });
    await expect(outage.receive({ ...run, failures: 300 })).rejects.toMatchObject(away);
  });

  it.each([{ job: 'CUSTOMER' }, 'text', null, { ask: 7 }])(
    'of no known form, such as %j, is left to the host at once, and the log tells what is wrong (C-21)',
    async (item) => {
      const { queue, events, receive } = app();
      await expect(receive(item)).rejects.toMatchObject({ code: 'unreadable-message' });
      expect(queue.repeated).toEqual([]);
      const details = { code: 'unreadable-message', message: expect.stringMatching(/cannot be read/) };
      expect(events).toEqual([{ event: 'message-unreadable', details }]);
    },
  );

  it('whose count of failures is unreadable is carried out as if it were its first time', async () => {
    const { queue, receive } = app({ opening: away });
    await receive({ ...run, failures: -7 });
    expect(queue.repeated).toMatchObject([{ failures: 1 }]);
  });
});
