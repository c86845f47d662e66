/** Which timers the app has, known when it is indexed, before anything is opened. */
import { codeJobsFor } from '../app/jobs/codeJobs.ts';
import { noDocuments } from '../domain/documents/documentSettings.ts';
import { possibleMappings } from '../domain/mappings/catalog.ts';
import type { MappingVariants } from '../domain/mappings/variants.ts';
import { jobSettingName, timerName } from './jobNames.ts';
import { documentSettings, type SettingsResult } from './settings.ts';

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
  const settings = result.ok ? result.settings : defaults;
  const { disabledJobs, schedules } = settings;
  // Which of them exist, Business Central may decide; the tick of a job that does not finds no entry.
  const ofMappings = possibleMappings(settings).filter(({ job }) => job !== null);
  const ofCode = codeJobsFor(result.ok ? documentSettings(result.settings) : noDocuments);
  return [...ofMappings, ...ofCode]
    .filter(({ name }) => !disabledJobs.includes(name))
    .map(({ name }) => ({
      job: name,
      functionName: timerName(name),
      schedule: schedules[jobSettingName(name)] ?? everyTick(result),
    }));
}

/** The name of the one timer for the jobs of all mappings that files and users define. */
export const userDefinedTimerName = 'sync-user-defined-mappings';

/** The schedule of timers that ask at each tick (setting TICK_MINUTES). */
export function everyTick(result: SettingsResult): string {
  const { tickMinutes } = result.ok ? result.settings : defaults;
  return `0 */${tickMinutes} * * * *`;
}

const defaults: Pick<MappingVariants, 'ownershipModel' | 'orderIntegration'> & {
  readonly disabledJobs: readonly string[];
  readonly schedules: Readonly<Record<string, string>>;
  readonly tickMinutes: number;
} = { ownershipModel: 'person', orderIntegration: 'off', disabledJobs: [], schedules: {}, tickMinutes: 1 };
