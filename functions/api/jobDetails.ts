/** What may be changed of a job, and within which limits. */
import { z } from 'zod';
import { weekdays } from '../../shared/domain/jobs/jobQueueEntry.ts';
import type { JobDetails } from '../../shared/domain/jobs/userTransitions.ts';

const minutesOfYear = 527_040;

function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
}

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 08:30');

/** J-10 and J-55: 0 switches the inactivity hold off, 1 to 4 minutes are refused. */
const inactivityTimeout = wholeNumber(0, minutesOfYear).refine(
  (minutes) => minutes === 0 || minutes >= 5,
  'must be 0 or at least 5 minutes',
);

/** A job without a day it may run on is a mistake (J-31 f). */
const days = z
  .array(z.enum(weekdays, `must be one of ${weekdays.join(', ')}`))
  .min(1, 'must name at least one day');

type OptionalDetails = { readonly [Name in keyof JobDetails]?: JobDetails[Name] };

/** Body of a change: any of the details, nothing else (J-3, J-4, J-11). */
export const jobDetailsSchema: z.ZodType<OptionalDetails> = z.strictObject({
  frequencyMinutes: wholeNumber(1, minutesOfYear).exactOptional(),
  inactivityTimeoutMinutes: inactivityTimeout.exactOptional(),
  maxAttempts: wholeNumber(0, 10).exactOptional(),
  rerunDelaySeconds: wholeNumber(0, 3_600).exactOptional(),
  window: z
    .strictObject({ start: timeOfDay.nullable(), end: timeOfDay.nullable() })
    .nullable()
    .exactOptional(),
  weekdays: days.exactOptional(),
});
