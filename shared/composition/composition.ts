/** The app as triggers see it: settings, mappings and ports, opened at first use and once per process. */
import { ensureCodeJobs, ensureJobs } from '../app/jobs/ensureJobs.ts';
import { createMappingCatalog, type MappingCatalog } from '../app/mappings/mappingCatalog.ts';
import { createMetadataCheck, type MetadataCheck } from '../app/mappings/metadataCheck.ts';
import type { SyncPorts } from '../app/syncPorts.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import type { ChangeSubscriptions } from '../ports/changeSubscriptions.ts';
import type { Probes } from '../ports/probes.ts';
import { outsideInvocations } from './invocationLog.ts';
import type { ConnectedPorts } from './ports.ts';
import { InvalidSettings, type Settings, type SettingsResult } from './settings.ts';

/** What a trigger works with. */
export interface OpenApp {
  readonly settings: Settings;
  readonly ports: SyncPorts;
  /** The mappings in force when the app was opened for this call; a run keeps them to its end. */
  readonly mappings: readonly TableMapping[];
  /** Where they come from, and how they are changed. */
  readonly catalog: MappingCatalog;
  readonly subscriptions: ChangeSubscriptions;
  /** Questions that a test of the connection asks. */
  readonly probes: Probes;
}

/** Real waiting, which the ports' clock knows nothing of. */
export interface Waiting {
  pause(ms: number): Promise<void>;
  /** Milliseconds on a clock that only moves forward. */
  elapsedMs(): number;
}

/** The app before it is opened; importing triggers hold one. */
export interface Composition {
  readonly settings: SettingsResult;
  /**
   * Opens the app: tables and job queue entries exist afterwards, and the mappings are those in force now, at most five
   * seconds old. The first call has the metadata of both services looked at in the background, which nobody waits for.
   * Raises InvalidSettings or SyncFailure. Safe to repeat.
   */
  open(): Promise<OpenApp>;
  /** As `open`, without asking which mappings are in force now: for a tick that only looks whether a job is due. */
  connect(): Promise<Omit<OpenApp, 'mappings'>>;
  /**
   * The queue and the log, which are there also while the app cannot be opened: storage may be away when Service Bus is
   * not. Sends nothing. Raises InvalidSettings, and SyncFailure when the queue cannot be addressed.
   */
  messaging(): Pick<SyncPorts, 'queue' | 'log'>;
  readonly waiting: Waiting;
  /** Ends connections, at the end of the process; an app that was never opened has none. Never raises. */
  close(): Promise<void>;
}

/** A composition over what `connect` gives, once; a failed opening is tried again by the next caller. */
export function createComposition(
  settings: SettingsResult,
  connect: (settings: Settings) => ConnectedPorts,
  waiting: Waiting,
): Composition {
  let wired: Wired | null = null;
  let opening: Promise<Connected> | null = null;
  let isClosing = false;
  const wire = (): Wired => {
    if (!settings.ok) throw new InvalidSettings(settings.problems);
    wired ??= { settings: settings.settings, connection: connect(settings.settings) };
    return wired;
  };
  const connected = async (): Promise<Connected> => {
    const present = wire();
    opening ??= openApp(present).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    settings,
    waiting,
    connect: connected,
    messaging: () => {
      const { queue, log } = wire().connection.ports;
      return { queue, log };
    },
    close: async () => {
      isClosing = true;
      await opening?.then((app) => settle(app, waiting)).catch(() => {});
      await wired?.connection.close().catch(() => {});
    },
    open: async () => {
      const app = await connected();
      if (!isClosing) void outsideInvocations(app.metadata.look);
      return { ...app, mappings: (await app.catalog.current()).mappings };
    },
  };
}

type Connected = Omit<OpenApp, 'mappings'> & { readonly metadata: MetadataCheck };

/** Ports that were put together and used for nothing yet. */
interface Wired {
  readonly settings: Settings;
  readonly connection: ConnectedPorts;
}

/** How long the end of the process waits for questions nobody waits for; a service that is away takes longer. */
const lastAnswersMs = 8_000;
const lookAgainMs = 50;

/** Looks now and then instead of setting one long timer, which would keep the process alive. */
async function settle({ metadata }: Connected, { pause, elapsedMs }: Waiting): Promise<void> {
  const untilMs = elapsedMs() + lastAnswersMs;
  while (metadata.isAsking() && elapsedMs() < untilMs) await pause(lookAgainMs);
}

async function openApp({ settings, connection }: Wired): Promise<Connected> {
  const { ports, prepare, mappingFiles, subscriptions, probes } = connection;
  await prepare();
  const catalog = createMappingCatalog(ports, mappingFiles, settings);
  await ensureJobs(ports, (await catalog.current()).mappings);
  await ensureCodeJobs(ports);
  // Made now and not when it is first asked for: that may be a dry run, which writes nothing.
  await ports.mappings.digestKey();
  const metadata = createMetadataCheck(ports, catalog);
  return { settings, ports, catalog, subscriptions, probes, metadata };
}
