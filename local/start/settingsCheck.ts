/** Checks the app's settings before anything is started. */
import { parseSettings } from '../../shared/composition/settings.ts';
import { type LocalParts, setMissing } from './localSettings.ts';
import { StartError } from './startError.ts';

/** Stand-ins for what is only known once a local part runs; all of them pass the check. */
const localValues = {
  azurite: { AzureWebJobsStorage: 'UseDevelopmentStorage=true' },
  businessCentral: {
    BUSINESS_CENTRAL_URL: 'http://127.0.0.1/v2.0/local/production',
    BUSINESS_CENTRAL_COMPANY: 'My Company',
    BUSINESS_CENTRAL_ACCESS_TOKEN: 'local',
  },
  dataverse: { DATAVERSE_URL: 'http://127.0.0.1', DATAVERSE_ACCESS_TOKEN: 'local' },
} as const satisfies Record<keyof LocalParts, Readonly<Record<string, string>>>;

/** Raises StartError with one line per wrong or missing setting. Changes nothing. */
export function checkSettings(environment: NodeJS.ProcessEnv, parts: LocalParts): void {
  const planned: NodeJS.ProcessEnv = { ...environment };
  for (const part of ['azurite', 'businessCentral', 'dataverse'] as const) {
    if (parts[part]) setMissing(planned, localValues[part]);
  }
  const result = parseSettings(planned);
  if (!result.ok) throw new StartError(result.problems);
}
