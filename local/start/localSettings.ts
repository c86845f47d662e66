/** Which parts run locally, and the settings the app needs for those that do (contract sections 1 and 2). */
import { applyLocalSettings } from '../functionsHost/hostConfiguration.ts';
import { oneLine, StartError } from './startError.ts';

/** True for each part that has to be started here, because the settings do not point elsewhere. */
export interface LocalParts {
  readonly azurite: boolean;
  readonly businessCentral: boolean;
  readonly dataverse: boolean;
}

/** The bearer token by which the simulators know the app itself. */
export const appIdentity = 'integration';

const developmentStorage = /^UseDevelopmentStorage=true;?$/i;
const identityForms = [
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__queueServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
] as const;

/** The value of a setting; null when it is missing or blank. */
export function settingOf(environment: NodeJS.ProcessEnv, name: string): string | null {
  return environment[name]?.trim() || null;
}

/** Copies `Values` of local.settings.json into the environment, which wins. Raises StartError with one line. */
export function applySettingsFile(file: string, environment: NodeJS.ProcessEnv): void {
  try {
    applyLocalSettings(file, environment);
  } catch (error) {
    throw new StartError([oneLine(error)], { cause: error });
  }
}

/** Decides what to start. `UseDevelopmentStorage=true` counts as not set: it is what Azurite is for. */
export function localPartsOf(environment: NodeJS.ProcessEnv): LocalParts {
  const storage = settingOf(environment, 'AzureWebJobsStorage');
  const hasIdentity = identityForms.some((name) => settingOf(environment, name) !== null);
  const isElsewhere = storage === null ? hasIdentity : !developmentStorage.test(storage);
  return {
    azurite: !isElsewhere,
    businessCentral: settingOf(environment, 'BUSINESS_CENTRAL_URL') === null,
    dataverse: settingOf(environment, 'DATAVERSE_URL') === null,
  };
}

/** Points the app at an Azurite started here; a SYNC_STORAGE that means the same emulator goes with it. */
export function useAzurite(environment: NodeJS.ProcessEnv, connectionString: string): void {
  environment['AzureWebJobsStorage'] = connectionString;
  const own = settingOf(environment, 'SYNC_STORAGE');
  if (own !== null && developmentStorage.test(own)) environment['SYNC_STORAGE'] = connectionString;
}

/** Sets those values that are not given; a blank one counts as not given. */
export function setMissing(environment: NodeJS.ProcessEnv, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (settingOf(environment, name) === null) environment[name] = value;
  }
}
