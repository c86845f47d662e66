/** Brings an app to the point where its triggers can be armed: settings, load, hooks, lock, checks. */
import type { LogLevel } from './coreTypes.ts';
import { errorMessage, HostStartError } from './errors.ts';
import { FunctionApp } from './functionApp.ts';
import { type HostFunction, toHostFunctions } from './functionDefinition.ts';
import { applyLocalSettings, type HostConfiguration, readHostConfiguration } from './hostConfiguration.ts';
import { loadApp } from './loadApp.ts';

/** An app that is loaded, checked and locked. */
export interface PreparedApp {
  readonly app: FunctionApp;
  readonly configuration: HostConfiguration;
  readonly functions: readonly HostFunction[];
}

interface PrepareOptions {
  readonly appFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly localSettingsFile: string | undefined;
  readonly log: (level: LogLevel, message: string) => void;
}

async function runStartHooks(app: FunctionApp): Promise<void> {
  try {
    // Functions may still be registered here: start-up ends after these hooks.
    await app.runAppHooks('appStart');
  } catch (error) {
    throw new HostStartError(`An appStart hook failed: ${errorMessage(error)}`, { cause: error });
  }
}

/** An HTTP stream would bypass the host through a server of its own, which the local host does not call. */
async function refuseHttpStream(app: FunctionApp): Promise<void> {
  const capabilities = await app.model()?.getCapabilities?.({});
  if (capabilities?.['HttpUri'] === undefined) return;
  throw new HostStartError('The local host does not serve setup({ enableHttpStream: true }).');
}

/** Loads and checks the app. Raises HostStartError with one line per problem. */
export async function prepareApp(options: PrepareOptions): Promise<PreparedApp> {
  const { appFolder, environment, localSettingsFile, log } = options;
  if (localSettingsFile !== undefined) applyLocalSettings(localSettingsFile, environment);
  const configuration = readHostConfiguration(appFolder, environment);
  const app = new FunctionApp((level, _category, message) => log(level, message));
  await loadApp(appFolder, app);
  await runStartHooks(app);
  await refuseHttpStream(app);
  app.lock();
  const { routePrefix } = configuration;
  const functions = toHostFunctions(app.functions(), { environment, routePrefix });
  return { app, configuration, functions };
}
