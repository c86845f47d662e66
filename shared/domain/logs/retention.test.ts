/** Which rows of the log may go (E-152, J-109, J-112). */
import { describe, expect, it } from 'vitest';
import { coupled, guidOf, record, row, thingMapping } from '../../../test/builders/records.ts';
import { syncErrorId, syncJobId } from '../common/ids.ts';
import { instant, shift } from '../common/instants.ts';
import { isOld, mayGo, oldBefore, referencesOf, withErrorRows } from './retention.ts';
import type { RetryRecord } from './retryRecord.ts';
import { zeroCounters } from './syncJob.ts';

const now = instant('2026-01-31T10:00:00Z');
const hourMs = 3_600_000;
const idOf = (number: number) => syncJobId(guidOf('e', number));
const errorOf = (number: number) => syncErrorId(guidOf('f', number));
const coupling = coupled(thingMapping(), record({}), row({}));

describe('an old row', () => {
  it('finished so many days ago at this time of day, or earlier (J-109)', () => {
    const until = oldBefore(now, 7);
    expect(until).toBe('2026-01-24T10:00:00.000Z');
    const finished = (ms: number) => ({ startedAt: until, finishedAt: shift(until, ms) });
    expect(isOld(finished(0), until, now)).toBe(true);
    expect(isOld(finished(1), until, now)).toBe(false);
  });

  it('may be one that never finished, but not one that may still run', () => {
    const unfinished = (ms: number) => ({ startedAt: shift(now, ms), finishedAt: null });
    expect(isOld(unfinished(-25 * hourMs), now, now)).toBe(true);
    expect(isOld(unfinished(-23 * hourMs), now, now)).toBe(false);
  });

  it('without failures may go, with failures unless a skipped record refers to it (E-152)', () => {
    const skipped = {
      ...coupling,
      state: 'skipped' as const,
      toBusinessCentral: { result: 'failure' as const, syncJobId: idOf(2), fingerprint: 'x' },
    };
    const references = referencesOf([skipped, { ...coupling, state: 'failed' }], []);
    const counts = { ...zeroCounters, failed: 1 };
    expect(mayGo({ id: idOf(2), counts: zeroCounters }, references)).toBe(true);
    expect(mayGo({ id: idOf(2), counts }, references)).toBe(false);
    expect(mayGo({ id: idOf(3), counts }, references)).toBe(true);
  });

  it('stays for the errors that skipped records show (J-112)', () => {
    const lastError = { errorId: errorOf(1), code: 'x', message: '', occurredAt: now };
    const retry = { skipped: true, errorId: errorOf(2) } as RetryRecord;
    const waiting = { skipped: false, errorId: errorOf(3) } as RetryRecord;
    const references = referencesOf(
      [{ ...coupling, state: 'skipped', toDataverse: null, lastError }],
      [retry, waiting],
    );
    const errors = [1, 2, 3].map((number) => ({ id: errorOf(number), syncJobId: idOf(number) }));
    expect([...withErrorRows(references, errors).syncJobs]).toEqual([idOf(1), idOf(2)]);
  });
});
