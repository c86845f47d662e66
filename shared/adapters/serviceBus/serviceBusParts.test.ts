/** The parts of the Service Bus adapter that need no service: messages, settings, errors. */
import { describe, expect, it } from 'vitest';
import { runId } from '../../domain/common/ids.ts';
import type { RunMessage } from '../../ports/queue.ts';
import { questionBusMessage, runBusMessage } from './busMessage.ts';
import { serviceBusFailure } from './serviceBusErrors.ts';
import { serviceBusFrom } from './serviceBusNamespace.ts';

const now = Date.UTC(2026, 0, 31, 10, 0, 0, 250);
const run: RunMessage = {
  job: 'CUSTOMER',
  runId: runId('01940000-0000-7000-8000-000000000001'),
  trigger: 'wake',
  followedBy: [],
};

describe('a run as a message', () => {
  it('is the same one for the same instant, and another for another run or instant (C-20)', () => {
    const first = runBusMessage(run, now, 0).messageId;
    expect(runBusMessage(run, now, 0).messageId).toBe(first);
    const other = { ...run, runId: runId('01940000-0000-7000-8000-000000000002') };
    const others = [runBusMessage(other, now, 0), runBusMessage(run, now + 1, 0), runBusMessage(run, now, 5)];
    expect(new Set([first, ...others.map(({ messageId }) => messageId)]).size).toBe(4);
  });

  it('is scheduled only when it is to be delayed', () => {
    expect(runBusMessage(run, now, 0)).not.toHaveProperty('scheduledEnqueueTimeUtc');
    expect(runBusMessage(run, now, 5_000).scheduledEnqueueTimeUtc).toEqual(new Date(now + 5_000));
  });

  it('keeps to the 128 characters of the service, and long names apart', () => {
    const long = (end: string) =>
      runBusMessage({ ...run, job: 'X'.repeat(200) + end }, now, 0).sessionId ?? '';
    expect(long('A').length).toBeLessThanOrEqual(128);
    expect(long('A')).not.toBe(long('B'));
    expect(
      questionBusMessage({ ask: 'X'.repeat(200) }, now, 0).messageId?.toString().length,
    ).toBeLessThanOrEqual(128);
  });
});

describe('a question as a message', () => {
  it('is for a second that is still to come, so that what is dropped has not been answered yet (C-20)', () => {
    for (const [atMs, delayMs] of [
      [now, 0],
      [now - 250, 0],
      [now + 749, 0],
      [now, 60_000],
    ] as const) {
      const due =
        questionBusMessage({ ask: 'CUSTOMER' }, atMs, delayMs).scheduledEnqueueTimeUtc?.getTime() ?? 0;
      expect(due).toBeGreaterThan(atMs + delayMs);
      expect(due - atMs - delayMs).toBeLessThanOrEqual(1_000);
      expect(due % 1_000).toBe(0);
    }
  });

  it('is one per job and second', () => {
    const id = (job: string, atMs: number) => questionBusMessage({ ask: job }, atMs, 0).messageId;
    expect(id('CUSTOMER', now)).toBe(id('CUSTOMER', now + 700));
    expect(id('CUSTOMER', now)).not.toBe(id('CUSTOMER', now + 800));
    expect(id('CUSTOMER', now)).not.toBe(id('CONTACT', now));
  });
});

describe('the namespace', () => {
  const read = (settings: Readonly<Record<string, string>>) =>
    serviceBusFrom(settings, 'sync-runs', () => ({ getToken: async () => null }));
  const byKey = 'Endpoint=sb://contoso.example/;SharedAccessKeyName=app;SharedAccessKey=hunter2';

  it.each<[Readonly<Record<string, string>>, object | null]>([
    [{}, null],
    [{ SERVICE_BUS: '  ' }, null],
    [{ SERVICE_BUS: byKey }, { kind: 'connectionString', connectionString: byKey }],
    [{ SERVICE_BUS: `${byKey};EntityPath=sync-runs` }, { kind: 'connectionString' }],
    [
      { SERVICE_BUS: 'Endpoint=sb://contoso.example/;SharedAccessSignature=SharedAccessSignature sr=x' },
      { kind: 'connectionString' },
    ],
    [
      { SERVICE_BUS: byKey, SERVICE_BUS__fullyQualifiedNamespace: 'contoso.example' },
      { kind: 'connectionString' },
    ],
    [
      { SERVICE_BUS__fullyQualifiedNamespace: 'contoso.servicebus.windows.net' },
      { kind: 'identity', fullyQualifiedNamespace: 'contoso.servicebus.windows.net' },
    ],
  ])('of %j', (settings, expected) => {
    if (expected === null) expect(read(settings)).toBeNull();
    else expect(read(settings)).toMatchObject(expected);
  });

  it.each<[Readonly<Record<string, string>>]>([
    [{ SERVICE_BUS: 'hunter2' }],
    [{ SERVICE_BUS: byKey.replace('SharedAccessKey=hunter2', '') }],
    [{ SERVICE_BUS: byKey.replace('sb://contoso.example/', 'https://hunter2') }],
    [{ SERVICE_BUS: `${byKey};EntityPath=hunter2` }],
    [{ SERVICE_BUS__fullyQualifiedNamespace: 'sb://hunter2/' }],
  ])('is refused, without a word of the value, for %j', (settings) => {
    let failure: unknown;
    try {
      read(settings);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ kind: 'config', code: 'service-bus-not-configured' });
    expect(String(failure)).not.toContain('hunter2');
  });
});

describe('an error of the client', () => {
  it.each<[object, string, string, boolean]>([
    [
      { name: 'ServiceBusError', code: 'UnauthorizedAccess' },
      'permission',
      'service-bus-access-denied',
      false,
    ],
    [{ name: 'CredentialUnavailableError' }, 'permission', 'service-bus-access-denied', false],
    [{ code: 'MessagingEntityNotFound' }, 'config', 'service-bus-queue-unusable', false],
    [{ code: 'MessagingEntityDisabled' }, 'config', 'service-bus-queue-unusable', false],
    [{ code: 'ServiceBusy' }, 'throttled', 'service-bus-throttled', false],
    [{ code: 'QuotaExceeded' }, 'throttled', 'service-bus-throttled', false],
    [{ code: 'MessageSizeExceeded' }, 'bug', 'service-bus-message-refused', false],
    [{ code: 'ServiceTimeout' }, 'transient', 'service-bus-unavailable', true],
    [{ code: 'ECONNREFUSED' }, 'transient', 'service-bus-unavailable', true],
    [{ condition: 'amqp:internal-error' }, 'transient', 'service-bus-unavailable', true],
    [{}, 'transient', 'service-bus-unavailable', true],
  ])('%j is %s, %s', (error, kind, code, outcomeUnknown) => {
    expect(serviceBusFailure(error, 'queue x')).toMatchObject({ kind, code, outcomeUnknown });
  });

  it('that is a failure of the product already stays as it is', () => {
    const failure = serviceBusFailure({ code: 'ServiceBusy' }, 'queue x');
    expect(serviceBusFailure(failure, 'queue y')).toBe(failure);
    expect(serviceBusFailure(null, 'queue x').code).toBe('service-bus-unavailable');
  });
});
