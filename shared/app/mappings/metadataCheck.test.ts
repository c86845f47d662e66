/** What the app finds out about both services when it is opened. */
import { describe, expect, it } from 'vitest';
import { fakeBusinessCentral, fakeDataverse } from '../../composition/testing/fakeServices.ts';
import { memoryComposition } from '../../composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import { fromEpochMs } from '../../domain/common/instants.ts';
import type { Dataverse } from '../../ports/dataverse.ts';
import type { SyncPorts } from '../syncPorts.ts';

const away = new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'Not there.' });

/** An app over these services; `told` are its log events, `time` its clock. */
function appOver(dataverse: Dataverse, onPause?: () => Promise<void>) {
  const told: string[] = [];
  const time = { nowMs: Date.parse('2026-01-31T10:00:00Z') };
  const log: SyncPorts['log'] = (_level, event, details) =>
    void told.push(`${event} ${details['mapping'] ?? details['code']}`);
  const clock = { now: () => fromEpochMs(time.nowMs) };
  const businessCentral = {
    ...fakeBusinessCentral(),
    hasCompanionApp: async () => true,
    hasCompanionSet: async () => true,
  };
  const { composition } = memoryComposition({
    ports: { dataverse, businessCentral, log, clock },
    ...(onPause ? { onPause } : {}),
  });
  const open = async () => {
    await composition.open();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { composition, told, time, open };
}

/** Account lacks a column; `customertypecode` has every number but 11. */
function lacking(): Dataverse {
  const dataverse = fakeDataverse();
  return {
    ...dataverse,
    table: async (name) => {
      const { attributes, ...table } = await dataverse.table(name);
      const { websiteurl: _lost, customertypecode, ...rest } = attributes;
      const types = customertypecode ? { customertypecode: { ...customertypecode, type: 'Picklist' } } : {};
      return { ...table, attributes: { ...rest, ...types } };
    },
    optionNumbers: async (columns) =>
      columns.map(({ attribute }) => (attribute === 'customertypecode' ? [{ value: 3, state: null }] : null)),
  };
}

describe('opening the app', () => {
  it('has every shortcoming of enabled mappings told once, without a run', async () => {
    const { told, open } = appOver(lacking());
    await open();
    await open();
    expect(told.filter((event) => event.startsWith('column-missing'))).toEqual([
      'column-missing CUSTOMER',
      'column-missing CONTACT',
    ]);
    expect(told.filter((event) => event.startsWith('option-missing'))).toEqual(['option-missing VENDOR']);
  });

  it('works while Dataverse is away, and looks again a minute later', async () => {
    const state = { isAway: true };
    const whole = lacking();
    const refused = () => Promise.reject(away);
    const dataverse = {
      ...whole,
      prepareTables: (names: readonly string[]) => (state.isAway ? refused() : whole.prepareTables(names)),
    };
    const { composition, told, time, open } = appOver(dataverse);
    await open();
    expect(told).toEqual(['metadata-not-read connection-failed']);
    state.isAway = false;
    await open();
    expect(told).toHaveLength(1);
    time.nowMs += 60_000;
    await open();
    expect(told).toContain('column-missing CUSTOMER');
    await expect(composition.open()).resolves.toHaveProperty('mappings');
  });

  it('asks no more for a day once it knows', async () => {
    let asked = 0;
    const dataverse = {
      ...fakeDataverse(),
      prepareTables: async () => {
        asked += 1;
      },
    };
    const { time, open } = appOver(dataverse);
    await open();
    await open();
    expect(asked).toBe(1);
    time.nowMs += 24 * 3_600_000;
    await open();
    expect(asked).toBe(2);
  });
});

describe('closing the app', () => {
  it('waits for the look that is under way, so that nothing is asked of services that stop then', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { composition, told, open } = appOver(
      { ...fakeDataverse(), prepareTables: () => answered },
      () => new Promise((resolve) => setTimeout(resolve, 1)),
    );
    await open();
    const closing = composition.close().then(() => told.push('closed'));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(told).toEqual([]);
    answer();
    await closing;
    expect(told).toEqual(['closed']);
  });

  it('waits no longer than a while, and asks nothing afterwards', async () => {
    let asked = 0;
    const dataverse = {
      ...fakeDataverse(),
      prepareTables: () => {
        asked += 1;
        return new Promise<void>(() => {});
      },
    };
    const { composition, open } = appOver(dataverse);
    await open();
    await composition.close();
    await open();
    expect(asked).toBe(1);
  });
});
