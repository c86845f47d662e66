/** Looks at everything that can be refused, before the first part is started. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CleanUp } from './cleanUp.ts';
import type { Flags } from './flags.ts';
import { takeFolder } from './keptFiles.ts';
import { nothingKept, readKeptState } from './keptState.ts';
import { applySettingsFile, localPartsOf } from './localSettings.ts';
import type { Output } from './output.ts';
import { findProjectFolders, userFolder } from './projectFolders.ts';
import { checkReachable } from './reachable.ts';
import { checkSettings } from './settingsCheck.ts';
import type { StartPlan } from './startParts.ts';

export interface PlanInputs {
  readonly flags: Flags;
  readonly output: Output;
  readonly cleanUp: CleanUp;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Reads settings, kept state and the reachability of services. Adds local.settings.json to the process environment,
 * which is the app's, and takes the data folder. Raises StartError with one line per problem.
 */
export async function planStart(inputs: PlanInputs): Promise<StartPlan> {
  const { flags, cleanUp } = inputs;
  const folders = findProjectFolders(dirname(fileURLToPath(import.meta.url)));
  const environment = process.env;
  applySettingsFile(folders.localSettingsFile, environment);
  const parts = localPartsOf(environment);
  await checkReachable(environment);
  checkSettings(environment, parts);
  const dataFolder =
    flags.dataFolder === null ? null : userFolder(flags.dataFolder, environment, process.cwd());
  if (dataFolder !== null) cleanUp.add('data folder', takeFolder(dataFolder));
  const kept = dataFolder === null ? nothingKept : readKeptState(dataFolder);
  return { ...inputs, folders, parts, dataFolder, kept, environment };
}
