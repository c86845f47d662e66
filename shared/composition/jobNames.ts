/** How a job's name appears where letters and digits only are allowed. */

/** The part of `SCHEDULE_<JOB>` after the prefix: `UNIT OF MEASURE` gives `UNIT_OF_MEASURE`. */
export function jobSettingName(job: string): string {
  return job.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** The name of a job's timer function: `UNIT OF MEASURE` gives `sync-unit-of-measure`. */
export function timerName(job: string): string {
  return `sync-${job.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}`;
}
