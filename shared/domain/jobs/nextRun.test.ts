/** Next runs: every vector of the reference, windows, weekdays, and days on which the clock is changed. */
import { describe, expect, it } from 'vitest';
import { type Instant, instant, shift } from '../common/instants.ts';
import { type JobWindow, type Weekday, weekdays } from './jobQueueEntry.ts';
import { idleRunAt, initialRunAt, isWindowOpen, nextRunAt } from './nextRun.ts';
import { instantAt, wallClockAt } from './wallClock.ts';

/** `01-04 10:00` of January 2012, of which the first is a Sunday. */
const at = (text: string): Instant => instant(`2012-${text.replace(' ', 'T')}Z`);

const notMondayTuesday = weekdays.filter((day) => day !== 'monday' && day !== 'tuesday');
const laterInTheWeek: readonly Weekday[] = ['wednesday', 'friday', 'saturday'];

function timetable(window: string | null, days: readonly Weekday[] = weekdays) {
  const [start = '', end = ''] = window?.split('-') ?? [];
  const open: JobWindow = { start: start === '' ? null : start, end: end === '' ? null : end };
  return { window: window === null ? null : open, weekdays: days };
}

describe('the next run', () => {
  it.each([
    [60, null, weekdays, '01-01 13:00', '01-01 14:00'],
    [0, null, weekdays, '01-01 13:00', '01-02 00:00'],
    [0, null, ['sunday'], '01-01 13:00', '01-08 00:00'],
    [0, '10:00-', ['sunday'], '01-01 13:00', '01-08 10:00'],
    [30, null, weekdays, '01-01 23:30', '01-02 00:00'],
    [2880, null, weekdays, '01-01 23:30', '01-03 23:30'],
    [60, null, weekdays, '01-01 23:30', '01-02 00:30'],
    [60, '10:00-', weekdays, '01-01 23:30', '01-02 10:00'],
    [60, '10:00-', notMondayTuesday, '01-01 23:30', '01-04 10:00'],
    [60, null, notMondayTuesday, '01-01 23:30', '01-04 00:00'],
    [60, '00:15-', notMondayTuesday, '01-01 23:30', '01-04 00:15'],
    [30, '-13:30', weekdays, '01-01 13:00', '01-01 13:30'],
    [60, '-13:30', weekdays, '01-01 13:00', '01-02 00:00'],
    [60, '10:00-13:30', weekdays, '01-01 13:00', '01-02 10:00'],
    [60, '10:00-13:30', notMondayTuesday, '01-01 13:00', '01-04 10:00'],
    [60, '13:00-13:30', laterInTheWeek, '01-01 12:00', '01-04 13:00'],
    [60, '13:00-13:30', laterInTheWeek, '01-04 13:00', '01-06 13:00'],
    [10, '22:00-02:00', weekdays, '01-01 23:55', '01-02 00:05'],
    [10, '22:00-02:00', weekdays, '01-01 20:00', '01-01 22:00'],
    [43_200, null, weekdays, '01-01 13:00', '01-31 13:00'],
  ] as const)(
    'of %i minutes, window %s, on %j, after %s is %s (J-32, J-35)',
    (minutes, window, days, end, next) => {
      const entry = { ...timetable(window, days), frequencyMinutes: minutes, earliestStart: at(end) };
      expect(nextRunAt(entry, at(end), 'UTC')).toBe(at(next));
    },
  );

  it.each([
    ['10:00-', '01-01 09:00', '01-01 13:00', '01-02 10:00'],
    ['23:59:50-23:59:59', '01-01 23:59:50', '01-02 00:00:10', '01-02 23:59:50'],
  ])(
    'without a frequency, window %s, is on the day after the planned start (J-30, J-35)',
    (window, earliest, end, next) => {
      const entry = { ...timetable(window), frequencyMinutes: 0, earliestStart: at(earliest) };
      expect(nextRunAt(entry, at(end), 'UTC')).toBe(at(next));
    },
  );

  it('keeps the milliseconds of a time that fits', () => {
    const end = instant('2026-03-10T08:00:00.123Z');
    const entry = { ...timetable('06:00-20:00'), frequencyMinutes: 30, earliestStart: end };
    expect(nextRunAt(entry, end, 'Europe/Oslo')).toBe('2026-03-10T08:30:00.123Z');
  });

  it('of an idle job is its timeout away, fitted to the window (J-36)', () => {
    const entry = { ...timetable('08:00-17:00'), inactivityTimeoutMinutes: 720 };
    expect(idleRunAt(entry, at('01-01 09:00'), 'UTC')).toBe(at('01-02 08:00'));
    expect(idleRunAt({ ...entry, window: null }, at('01-01 09:00'), 'UTC')).toBe(at('01-01 21:00'));
  });

  it('of an entry set ready is not in the past, and within its window (J-27, J-33)', () => {
    const now = at('01-01 12:00');
    const early = { ...timetable(null), earliestStart: at('01-01 09:00') };
    expect(initialRunAt(early, now, 'UTC')).toBe(now);
    expect(initialRunAt({ ...early, earliestStart: at('01-01 15:00') }, now, 'UTC')).toBe(at('01-01 15:00'));
    expect(initialRunAt({ ...early, ...timetable('13:00-') }, now, 'UTC')).toBe(at('01-01 13:00'));
  });

  it('of a job that may run on no day is refused (J-31 f)', () => {
    const entry = { ...timetable(null, []), frequencyMinutes: 30, earliestStart: at('01-01 00:00') };
    expect(() => nextRunAt(entry, at('01-01 13:00'), 'UTC')).toThrow(/at least one day/);
  });
});

describe('windows in a time zone (J-28)', () => {
  const everyHalfHour = (window: string, end: string) => {
    const ended = instant(end);
    const entry = { ...timetable(window), frequencyMinutes: 30, earliestStart: ended };
    return nextRunAt(entry, ended, 'Europe/Oslo');
  };

  it('open at the same local time before and after summer time begins', () => {
    expect(everyHalfHour('08:00-17:00', '2026-03-28T16:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
    expect(everyHalfHour('08:00-17:00', '2026-03-27T16:00:00Z')).toBe('2026-03-28T07:00:00.000Z');
  });

  it('that begin at a time left out by the change begin that much later', () => {
    expect(everyHalfHour('02:30-05:00', '2026-03-28T20:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
  });

  it('that begin at a time that comes twice begin at its first', () => {
    expect(everyHalfHour('02:30-05:00', '2026-10-24T20:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('do not hold up or repeat runs in the hour that comes twice', () => {
    const ends = ['2026-10-25T00:15:00Z', '2026-10-25T00:45:00Z', '2026-10-25T01:15:00Z'];
    expect(ends.map((end) => everyHalfHour('00:00-23:59', end))).toEqual([
      '2026-10-25T00:45:00.000Z',
      '2026-10-25T01:15:00.000Z',
      '2026-10-25T01:45:00.000Z',
    ]);
  });

  it('go by the local weekday', () => {
    const entry = {
      ...timetable(null, ['monday']),
      frequencyMinutes: 30,
      earliestStart: instant('2026-03-08T20:00:00Z'),
    };
    const end = instant('2026-03-08T22:45:00Z');
    expect(nextRunAt(entry, end, 'Europe/Oslo')).toBe('2026-03-08T23:15:00.000Z');
    expect(nextRunAt(entry, end, 'UTC')).toBe('2026-03-09T00:00:00.000Z');
  });

  it('convert there and back, whatever the zone and the season', () => {
    for (const zone of ['Europe/Oslo', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
      for (let day = 0; day < 366; day += 7) {
        const now = shift(instant('2026-01-01T12:34:56.789Z'), day * 86_400_000);
        expect(instantAt(wallClockAt(now, zone), zone)).toBe(now);
      }
    }
  });
});

describe('a window (J-24)', () => {
  it.each([
    [null, '03:00', true],
    ['10:00-13:30', '09:59:59', false],
    ['10:00-13:30', '10:00', true],
    ['10:00-13:30', '13:30', true],
    ['10:00-13:30', '13:30:01', false],
    ['22:00-02:00', '23:00', true],
    ['22:00-02:00', '02:00', true],
    ['22:00-02:00', '12:00', false],
    ['10:00-', '09:00', false],
    ['10:00-', '23:00', true],
    ['-10:00', '09:00', true],
    ['-10:00', '10:01', false],
    ['10:00-10:00', '09:00', false],
    ['10:00-10:00', '11:00', true],
  ])('of %s at %s is open: %s', (window, time, isOpen) => {
    expect(isWindowOpen(timetable(window), at(`01-01 ${time}`), 'UTC')).toBe(isOpen);
  });
});
