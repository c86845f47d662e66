/** The course of `npm run doctor`: which app is asked, what has to be started for it, and the exit code. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CleanUp } from '../start/cleanUp.ts';
import { nothingKept } from '../start/keptState.ts';
import { applySettingsFile, localPartsOf, settingOf } from '../start/localSettings.ts';
import type { Output } from '../start/output.ts';
import { findProjectFolders } from '../start/projectFolders.ts';
import { checkReachable } from '../start/reachable.ts';
import { oneLine, StartError } from '../start/startError.ts';
import { startServices } from '../start/startParts.ts';
import { askDeployedApp } from './askDeployedApp.ts';
import { askHere } from './askHere.ts';
import { type DoctorReport, doctorReport } from './report.ts';

const usage = `Usage: npm run doctor [-- --app ADDRESS]

Tests everything a synchronisation needs and tells what to do about each problem. Writes nothing to either service.
Without flags: from this machine, with the settings of the environment and local.settings.json; what they do not name is
started here, as npm start does.

  --app ADDRESS  have the deployed app at this address do it, with the host key in FUNCTION_KEY`;

/** Ports and rows of parts that are started here. */
const flags = {
  once: true,
  port: 0,
  businessCentralPort: 0,
  dataversePort: 0,
  dataFolder: null,
  demo: true,
  initialSync: false,
} as const;

interface Run {
  readonly environment: NodeJS.ProcessEnv;
  readonly output: Output;
  readonly cleanUp: CleanUp;
}

async function diagnoseHere({ environment, output, cleanUp }: Run): Promise<DoctorReport> {
  const folders = findProjectFolders(dirname(fileURLToPath(import.meta.url)));
  applySettingsFile(folders.localSettingsFile, environment);
  // A service that is not there is told at once; the adapters would try for a minute.
  await checkReachable(environment);
  await startServices({
    flags,
    folders,
    parts: localPartsOf(environment),
    dataFolder: null,
    kept: nothingKept,
    environment,
    output,
    cleanUp,
    signal: new AbortController().signal,
    log: () => {},
  });
  return askHere(environment);
}

async function diagnose(run: Run, app: string | undefined): Promise<DoctorReport> {
  if (app === undefined) return diagnoseHere(run);
  if (!URL.canParse(app))
    throw new StartError(['--app must be an address such as https://contoso.azurewebsites.net.']);
  return doctorReport(await askDeployedApp(app, settingOf(run.environment, 'FUNCTION_KEY')));
}

/** Prints the report and returns the exit code: 1 where there is a problem, also one of the doctor itself. */
export async function runDoctor(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  const cleanUp = new CleanUp();
  try {
    const options = { app: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help) {
      output.print(usage);
      return 0;
    }
    const { lines, healthy } = await diagnose({ environment, output, cleanUp }, values.app);
    for (const line of lines) output.print(line);
    return healthy ? 0 : 1;
  } catch (error) {
    const lines = error instanceof StartError ? error.problems : [oneLine(error)];
    for (const line of lines) output.printError(line);
    return 1;
  } finally {
    for (const problem of await cleanUp.run()) output.printError(`Not stopped cleanly: ${problem}`);
  }
}
