/** NCRONTAB schedules. */
import { describe, expect, it } from 'vitest';
import { parseSchedule, ScheduleError } from './ncrontab.ts';

const start = Date.parse('2025-01-01T00:00:00.000Z'); // a Wednesday

function nextRuns(expression: string, count: number): string[] {
  const schedule = parseSchedule(expression);
  const runs: string[] = [];
  let afterMs = start;
  for (let index = 0; index < count; index += 1) {
    afterMs = schedule.nextAfter(afterMs);
    runs.push(new Date(afterMs).toISOString());
  }
  return runs;
}

describe('parseSchedule', () => {
  it.each([
    ['0 */5 * * * *', ['2025-01-01T00:05:00.000Z', '2025-01-01T00:10:00.000Z']],
    ['30 0 12 * * *', ['2025-01-01T12:00:30.000Z', '2025-01-02T12:00:30.000Z']],
    ['0 0 0 * * Mon', ['2025-01-06T00:00:00.000Z', '2025-01-13T00:00:00.000Z']],
    ['0 0 0 * * mon-fri', ['2025-01-02T00:00:00.000Z', '2025-01-03T00:00:00.000Z']],
    ['0 0 0 1 JAN *', ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']],
    ['0 50/5 0 * * *', ['2025-01-01T00:50:00.000Z', '2025-01-01T00:55:00.000Z']],
    ['0 1,3 0 * * *', ['2025-01-01T00:01:00.000Z', '2025-01-01T00:03:00.000Z']],
  ])('fires "%s" in UTC', (expression, expected) => {
    expect(nextRuns(expression, 2)).toEqual(expected);
  });

  it('lets day of month and weekday both hold (A-41)', () => {
    expect(nextRuns('0 0 0 13 * Fri', 1)).toEqual(['2025-06-13T00:00:00.000Z']);
  });

  it('gives the instant strictly after the one asked for', () => {
    const schedule = parseSchedule('0 * * * * *');
    expect(schedule.nextAfter(start)).toBe(start + 60_000);
    expect(schedule.nextAfter(start + 1)).toBe(start + 60_000);
  });

  it.each([
    '* * * * *',
    '1.00:00:00',
    '00:05:00',
    '@hourly',
    '0 0 0 L * *',
    '0 0 0 1W * *',
    '0 0 0 * * 5#2',
    '0 0 0 ? * *',
    '0 0 0 * * 7',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 0 0 0 * *',
    '0 0 0 * 13 *',
    '0 */0 * * * *',
    '0 0 0 30 2 *',
    '',
  ])('refuses "%s" (A-40)', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(ScheduleError);
  });
});
