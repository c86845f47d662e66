/** NCRONTAB schedules of timer triggers: six fields, UTC. */
import { Cron } from 'croner';

interface FieldRule {
  readonly name: string;
  readonly maximum: number;
  readonly value: string;
}

const monthNames = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const weekdayNames = 'SUN|MON|TUE|WED|THU|FRI|SAT';

const fieldRules: readonly FieldRule[] = [
  { name: 'second', maximum: 59, value: '[0-5]?\\d' },
  { name: 'minute', maximum: 59, value: '[0-5]?\\d' },
  { name: 'hour', maximum: 23, value: '[01]?\\d|2[0-3]' },
  { name: 'day', maximum: 31, value: '0?[1-9]|[12]\\d|3[01]' },
  { name: 'month', maximum: 12, value: `0?[1-9]|1[0-2]|${monthNames}` },
  { name: 'weekday', maximum: 6, value: `[0-6]|${weekdayNames}` },
];

/** A schedule that was accepted. */
export interface Schedule {
  readonly expression: string;
  /** The first instant strictly after `afterMs` (epoch milliseconds) at which the schedule fires. */
  nextAfter(afterMs: number): number;
}

/** The schedule is no NCRONTAB expression; the message says which field is wrong. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** croner knows more than NCRONTAB (L, W, #, ?, weekday 7), so each field passes this guard first. */
function checkedField(text: string, rule: FieldRule): string {
  const item = new RegExp(`^(?:\\*|(?:${rule.value})(?:-(?:${rule.value}))?)(?:/[1-9]\\d?)?$`, 'i');
  const items = text.split(',').map((part) => {
    if (!item.test(part)) throw new ScheduleError(`"${part}" is not a valid ${rule.name}`);
    // NCRONTAB reads `5/15` as "from 5 on, every 15"; croner wants the range written out.
    return part.replace(/^([^*/-]+)\//, `$1-${rule.maximum}/`);
  });
  return items.join(',');
}

/**
 * Checks a six-field expression. Raises ScheduleError for five fields, intervals such as `1.00:00:00`, characters that
 * NCRONTAB does not know, and schedules that never fire.
 */
export function parseSchedule(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== fieldRules.length) {
    throw new ScheduleError(
      `"${expression}" must have six fields (second minute hour day month weekday); intervals are not accepted`,
    );
  }
  const pattern = fieldRules.map((rule, index) => checkedField(fields[index] ?? '', rule)).join(' ');
  const cron = createCron(pattern, expression);
  const nextAfter = (afterMs: number): number => {
    const next = cron.nextRun(new Date(afterMs));
    if (next === null) throw new ScheduleError(`"${expression}" never fires`);
    return next.getTime();
  };
  nextAfter(0);
  return { expression, nextAfter };
}

function createCron(pattern: string, expression: string): Cron {
  try {
    // domAndDow: day of month and weekday must both hold, as in NCRONTAB.
    return new Cron(pattern, { mode: '6-part', domAndDow: true, timezone: 'UTC' });
  } catch (error) {
    throw new ScheduleError(`"${expression}" is not a valid schedule`, { cause: error });
  }
}
