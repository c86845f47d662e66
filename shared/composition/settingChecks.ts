/** Checks that look at several settings at once, or at settings whose names are not fixed. */
import { storageAccountFrom } from '../adapters/tableStorage/storageAccount.ts';
import { SyncFailure } from '../domain/common/failures.ts';
import { defaultMappings } from '../domain/mappings/catalog.ts';
import { jobSettingName } from './jobNames.ts';
import { schedulePrefix } from './settingsSchema.ts';
import { isNcrontab } from './settingTypes.ts';
import { storageConnectionOf } from './storageConnection.ts';

type Given = Readonly<Record<string, string>>;

/** Jobs there can be: those of the model with salespeople, which is the larger set. */
function knownJobs(): readonly string[] {
  const scheduled = defaultMappings('person').filter((mapping) => mapping.job !== null);
  return scheduled.map((mapping) => mapping.name);
}

/** Problems of `SCHEDULE_<JOB>`: unknown jobs and expressions that are none. */
export function scheduleProblems(given: Given): readonly string[] {
  const known = knownJobs().map((job) => `${schedulePrefix}${jobSettingName(job)}`);
  return Object.entries(given).flatMap(([name, value]) => {
    if (!name.startsWith(schedulePrefix)) return [];
    if (!known.includes(name)) return [`${name}: names no job; known are ${known.join(', ')}`];
    return isNcrontab(value) ? [] : [`${name}: must be an NCRONTAB expression with six fields`];
  });
}

/** Problems of the storage account, in either form. */
export function storageProblems(given: Given): readonly string[] {
  try {
    storageAccountFrom(given, () => ({ getToken: async () => null }));
    return [];
  } catch (error) {
    if (error instanceof SyncFailure) {
      return [`${storageConnectionOf(given)}: ${error.message.replace(/\.$/, '')}`];
    }
    throw error;
  }
}

/** Problems between settings: secrets, credentials, names of jobs. */
export function crossProblems(given: Given): readonly string[] {
  return [...notificationProblems(given), ...credentialProblems(given), ...disabledJobProblems(given)];
}

function notificationProblems(given: Given): readonly string[] {
  const missing = given['NOTIFICATION_URL'] !== undefined && given['NOTIFICATION_SECRET'] === undefined;
  return missing ? ['NOTIFICATION_SECRET: must be set when NOTIFICATION_URL is'] : [];
}

function disabledJobProblems(given: Given): readonly string[] {
  const known = knownJobs();
  const names = (given['DISABLED_JOBS'] ?? '').split(',').map((name) => name.trim());
  const unknown = names.filter((name) => name !== '' && !known.includes(name));
  if (unknown.length === 0) return [];
  return [`DISABLED_JOBS: names jobs that do not exist; known are ${known.join(', ')}`];
}

/** Signs of a managed identity: Azure sets them, on any hosting plan. */
const managedIdentitySigns = ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT', 'WEBSITE_SITE_NAME'] as const;
const clientProofs = [
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_FEDERATED_TOKEN_FILE',
] as const;

function credentialProblems(given: Given): readonly string[] {
  const tokens = ['BUSINESS_CENTRAL_ACCESS_TOKEN', 'DATAVERSE_ACCESS_TOKEN'] as const;
  const missing = tokens.filter((name) => given[name] === undefined);
  const isManaged = managedIdentitySigns.some((name) => given[name] !== undefined);
  if (missing.length === 0 || isManaged) return [];
  const hasProof = clientProofs.some((name) => given[name] !== undefined);
  if (hasProof && given['AZURE_TENANT_ID'] !== undefined && given['AZURE_CLIENT_ID'] !== undefined) return [];
  const otherwise =
    'AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH';
  return missing.map((name) => `${name}: must be set, or ${otherwise}, outside Azure`);
}
