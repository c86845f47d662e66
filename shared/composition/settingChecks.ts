/** Checks that look at several settings at once, or at settings whose names are not fixed. */
import { serviceBusConnection, serviceBusFrom } from '../adapters/serviceBus/serviceBusNamespace.ts';
import { storageAccountFrom } from '../adapters/tableStorage/storageAccount.ts';
import { SyncFailure } from '../domain/common/failures.ts';
import { scheduledJobNames } from '../domain/mappings/catalog.ts';
import { jobSettingName } from './jobNames.ts';
import { runQueueName } from './runTransport.ts';
import { schedulePrefix } from './settingsSchema.ts';
import { isNcrontab } from './settingTypes.ts';
import { storageConnectionOf } from './storageConnection.ts';

type Given = Readonly<Record<string, string>>;

/** Problems of `SCHEDULE_<JOB>`: unknown jobs and expressions that are none. */
export function scheduleProblems(given: Given): readonly string[] {
  const known = scheduledJobNames.map((job) => `${schedulePrefix}${jobSettingName(job)}`);
  return Object.entries(given).flatMap(([name, value]) => {
    if (!name.startsWith(schedulePrefix)) return [];
    if (!known.includes(name)) return [`${name}: names no job; known are ${known.join(', ')}`];
    return isNcrontab(value) ? [] : [`${name}: must be an NCRONTAB expression with six fields`];
  });
}

/** Problems of the storage account, in either form. */
export function storageProblems(given: Given): readonly string[] {
  return problemsOf(storageConnectionOf(given), () => storageAccountFrom(given, noCredential));
}

/** Problems of the Service Bus namespace, in either form; none when there is none. */
export function serviceBusProblems(given: Given): readonly string[] {
  return problemsOf(serviceBusConnection, () => serviceBusFrom(given, runQueueName, noCredential));
}

const noCredential = () => ({ getToken: async () => null });

function problemsOf(setting: string, read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    return [`${setting}: ${error.message.replace(/\.$/, '')}`];
  }
}

/** Problems between settings: secrets and names of jobs. Credentials show when the first token is asked for. */
export function crossProblems(given: Given): readonly string[] {
  return [...notificationProblems(given), ...disabledJobProblems(given)];
}

function notificationProblems(given: Given): readonly string[] {
  const missing = given['NOTIFICATION_URL'] !== undefined && given['NOTIFICATION_SECRET'] === undefined;
  return missing ? ['NOTIFICATION_SECRET: must be set when NOTIFICATION_URL is'] : [];
}

function disabledJobProblems(given: Given): readonly string[] {
  const known: readonly string[] = scheduledJobNames;
  const names = (given['DISABLED_JOBS'] ?? '').split(',').map((name) => name.trim());
  const unknown = names.filter((name) => name !== '' && !known.includes(name));
  if (unknown.length === 0) return [];
  return [`DISABLED_JOBS: names jobs that do not exist; known are ${known.join(', ')}`];
}
