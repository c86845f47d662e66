/** Which timers the app has, known when it is indexed, before anything is opened. */
import { defaultMappings } from '../domain/mappings/catalog.ts';
import { jobSettingName, timerName } from './jobNames.ts';
import type { SettingsResult } from './settings.ts';

/** A timer function to register. */
export interface JobTimer {
  readonly job: string;
  readonly functionName: string;
  /** NCRONTAB, six fields. */
  readonly schedule: string;
}

/**
 * One timer per scheduled job that is not disabled. While settings are wrong the timers are those of the defaults, so
 * that each tick says what is wrong (platform A-12).
 */
export function jobTimers(result: SettingsResult): readonly JobTimer[] {
  const { ownershipModel, disabledJobs, schedules } = result.ok ? result.settings : defaults;
  return defaultMappings(ownershipModel)
    .filter(({ job, name }) => job !== null && !disabledJobs.includes(name))
    .map(({ name }) => ({
      job: name,
      functionName: timerName(name),
      schedule: schedules[jobSettingName(name)] ?? everyTick(result),
    }));
}

/** The schedule of timers that ask at each tick (setting TICK_MINUTES). */
export function everyTick(result: SettingsResult): string {
  const { tickMinutes } = result.ok ? result.settings : defaults;
  return `0 */${tickMinutes} * * * *`;
}

const defaults: {
  readonly ownershipModel: 'person';
  readonly disabledJobs: readonly string[];
  readonly schedules: Readonly<Record<string, string>>;
  readonly tickMinutes: number;
} = { ownershipModel: 'person', disabledJobs: [], schedules: {}, tickMinutes: 1 };
