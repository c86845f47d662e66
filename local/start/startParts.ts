/** Starts what the settings do not point elsewhere, in the order of contract section 1. */
import { join } from 'node:path';
import { type RunningAzurite, startAzurite } from '../azurite/azurite.ts';
import type { HostClock, RunningFunctionsHost } from '../functionsHost/host.ts';
import type { RunningBusinessCentralSimulator } from '../simulators/businessCentral/simulator.ts';
import { createSimulatorClock } from '../simulators/common/clock.ts';
import type { RunningDataverseSimulator } from '../simulators/dataverse/simulator.ts';
import type { CleanUp } from './cleanUp.ts';
import { createHostClockAhead, follow } from './clocks.ts';
import type { Flags } from './flags.ts';
import { startFunctionApp } from './functionApp.ts';
import { type KeptPart, keptFileError } from './keptFiles.ts';
import type { KeptState } from './keptState.ts';
import { appIdentity, type LocalParts, setMissing, useAzurite } from './localSettings.ts';
import type { Output } from './output.ts';
import type { ProjectFolders } from './projectFolders.ts';
import { prepareBusinessCentral, prepareDataverse } from './simulators.ts';
import { oneLine, StartError } from './startError.ts';

/** Everything the parts are started with. */
export interface StartPlan {
  readonly flags: Flags;
  readonly folders: ProjectFolders;
  readonly parts: LocalParts;
  /** Absolute; null = keep nothing. */
  readonly dataFolder: string | null;
  readonly kept: KeptState;
  /** The app's own environment; settings of local parts are added to it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly output: Output;
  readonly cleanUp: CleanUp;
  readonly signal: AbortSignal;
  /** Takes log lines of the host. */
  readonly log: (line: string) => void;
}

/** What runs. Null = the settings point elsewhere. */
export interface RunningParts {
  readonly businessCentral: RunningBusinessCentralSimulator | null;
  readonly dataverse: RunningDataverseSimulator | null;
  readonly clock: HostClock;
  readonly host: RunningFunctionsHost;
}

const demoCompany = 'CRONUS International Ltd.';
const emptyCompany = 'My Company';

function rowsOf({ flags, kept, dataFolder, folders }: StartPlan, part: Exclude<KeptPart, 'clock'>) {
  const demoFolder = part === 'businessCentral' ? folders.businessCentralDemo : folders.dataverseDemo;
  return {
    demoFolder: flags.demo ? demoFolder : null,
    snapshot: kept[part],
    snapshotError: (error: unknown) => keptFileError(dataFolder ?? '', part, error),
  };
}

async function startStorage(plan: StartPlan): Promise<void> {
  const { dataFolder, environment, output, cleanUp } = plan;
  const where = dataFolder === null ? null : join(dataFolder, 'azurite');
  const azurite: RunningAzurite = await startAzurite({
    ...(where === null ? {} : { dataFolder: where }),
    log: (line) => plan.log(/ended with code/.test(line) ? `error ${line}` : `debug ${line}`),
  }).catch((error) => {
    throw new StartError([oneLine(error)], { cause: error });
  });
  cleanUp.add('Azurite', () => azurite.stop());
  useAzurite(environment, azurite.connectionString);
  output.print(`Azurite keeps tables and queues ${where === null ? 'in memory' : `in ${where}`}`);
}

/** A kept company may be the demo one or the empty one: its id is right for both. */
function companyOf({ flags, kept }: StartPlan, simulator: RunningBusinessCentralSimulator): string {
  if (kept.businessCentral !== null) return simulator.companyId;
  return flags.demo ? demoCompany : emptyCompany;
}

/** What the function app works with, started where it has to be. */
export interface RunningServices extends Omit<RunningParts, 'host'> {
  /** Moves the simulators to where the clock stands. */
  readonly follow: () => Promise<void>;
}

/**
 * Starts the parts; each is in `cleanUp` as soon as it runs. Demo data is read before anything runs. Raises StartError,
 * or the signal's reason between two steps.
 */
export async function startParts(plan: StartPlan): Promise<RunningParts> {
  const { follow: onClockAdvanced, ...services } = await startServices(plan);
  const host = await startFunctionApp({
    appFolder: plan.folders.app,
    port: plan.flags.port,
    clock: services.clock,
    onClockAdvanced,
    log: plan.log,
  });
  plan.output.print(`Function app at ${host.url}`);
  return { ...services, host };
}

/** Starts storage and simulators as startParts does, and tells the environment where they are. */
export async function startServices(plan: StartPlan): Promise<RunningServices> {
  const { flags, parts, environment, output, cleanUp, signal } = plan;
  const startBusinessCentral = parts.businessCentral
    ? prepareBusinessCentral(rowsOf(plan, 'businessCentral'))
    : null;
  const startDataverse = parts.dataverse ? prepareDataverse(rowsOf(plan, 'dataverse')) : null;
  const clock = createHostClockAhead(Date.now, plan.kept.clockAheadMs);
  const simulatorClock = createSimulatorClock({ startMs: clock.now() });
  cleanUp.add('simulator clock', () => simulatorClock.stop());

  if (parts.azurite) await startStorage(plan);
  signal.throwIfAborted();

  const businessCentral = startBusinessCentral
    ? await startBusinessCentral({ port: flags.businessCentralPort, clock: simulatorClock })
    : null;
  if (businessCentral) {
    cleanUp.add('Business Central simulator', () => businessCentral.close());
    setMissing(environment, {
      BUSINESS_CENTRAL_URL: businessCentral.url,
      BUSINESS_CENTRAL_COMPANY: companyOf(plan, businessCentral),
      BUSINESS_CENTRAL_ACCESS_TOKEN: appIdentity,
    });
    output.print(`Business Central simulator at ${businessCentral.url}`);
  }
  signal.throwIfAborted();

  const dataverse = startDataverse
    ? await startDataverse({ port: flags.dataversePort, clock: simulatorClock })
    : null;
  if (dataverse) {
    cleanUp.add('Dataverse simulator', () => dataverse.close());
    setMissing(environment, { DATAVERSE_URL: dataverse.url, DATAVERSE_ACCESS_TOKEN: appIdentity });
    output.print(`Dataverse simulator at ${dataverse.url}`);
  }
  signal.throwIfAborted();

  return { businessCentral, dataverse, clock, follow: () => follow(simulatorClock, clock) };
}
