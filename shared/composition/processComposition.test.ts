/** What the app says about its settings when it starts, and what it makes of messages. */
import { describe, expect, it } from 'vitest';
import type { Log } from '../ports/system.ts';
import { reportSettings } from './processComposition.ts';
import { parseQueueMessage, parseRunMessage } from './runMessages.ts';
import { storageConnectionOf } from './storageConnection.ts';
import { memoryComposition } from './testing/memoryComposition.ts';

function reported(environment: Readonly<Record<string, string>>): readonly unknown[] {
  const events: unknown[] = [];
  const log: Log = (level, event, { message }) => void events.push([level, event, message]);
  reportSettings(memoryComposition({ environment }).composition, log);
  return events;
}

describe('reportSettings', () => {
  it('logs one event per problem, naming the setting', () => {
    expect(reported({ TIME_ZONE: 'x', TICK_MINUTES: 'x' })).toEqual([
      ['error', 'invalid-settings', expect.stringMatching(/^TICK_MINUTES: /)],
      ['error', 'invalid-settings', expect.stringMatching(/^TIME_ZONE: /)],
    ]);
  });

  it('says nothing about settings that are right', () => {
    expect(reported({})).toEqual([]);
  });
});

describe('storageConnectionOf', () => {
  it.each([
    [{ AzureWebJobsStorage: 'x' }, 'AzureWebJobsStorage'],
    [{ AzureWebJobsStorage: 'x', SYNC_STORAGE: '' }, 'AzureWebJobsStorage'],
    [{ AzureWebJobsStorage: 'x', SYNC_STORAGE: 'y' }, 'SYNC_STORAGE'],
    [{ AzureWebJobsStorage: 'x', SYNC_STORAGE__accountName: 'y' }, 'SYNC_STORAGE'],
  ])('of %j is %s', (environment, expected) => {
    expect(storageConnectionOf(environment)).toBe(expected);
  });
});

describe('parseRunMessage', () => {
  const run = { job: 'CUSTOMER', runId: '01900000-0000-7000-8000-000000000000', trigger: 'timer' };

  it('takes a message with what follows it', () => {
    const message = { ...run, followedBy: [{ ...run, job: 'CONTACT' }] };
    expect(parseRunMessage(message)).toEqual(message);
  });

  it('tells a question from a run', () => {
    expect(parseQueueMessage({ ask: 'CUSTOMER' })).toEqual({ ask: 'CUSTOMER' });
    expect(parseQueueMessage({ ...run, followedBy: [] })).toEqual({ ...run, followedBy: [] });
    expect(() => parseQueueMessage({ ask: '' })).toThrowError(/cannot be read/);
  });

  it.each([null, 'text', {}, { ...run, runId: 'x' }, { ...run, trigger: 'x' }, { ...run, followedBy: [{}] }])(
    'refuses %j, so that the host sets it aside',
    (item) => {
      expect(() => parseRunMessage(item)).toThrowError(/cannot be read/);
    },
  );
});
