/** The app as triggers see it: settings, mappings and ports, opened at first use and once per process. */
import { ensureJobs } from '../app/jobs/ensureJobs.ts';
import type { SyncPorts } from '../app/syncPorts.ts';
import { defaultMappings } from '../domain/mappings/catalog.ts';
import type { TableMapping } from '../domain/mappings/model.ts';
import type { ChangeSubscriptions } from '../ports/changeSubscriptions.ts';
import type { ConnectedPorts } from './ports.ts';
import { InvalidSettings, type Settings, type SettingsResult } from './settings.ts';

/** What a trigger works with. */
export interface OpenApp {
  readonly settings: Settings;
  readonly ports: SyncPorts;
  readonly mappings: readonly TableMapping[];
  readonly subscriptions: ChangeSubscriptions;
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
  /** Opens the app: tables and job queue entries exist afterwards. Raises InvalidSettings or SyncFailure. Safe to repeat. */
  open(): Promise<OpenApp>;
  readonly waiting: Waiting;
}

/** A composition over whatever `connect` gives; a failed opening is tried again by the next caller. */
export function createComposition(
  settings: SettingsResult,
  connect: (settings: Settings) => ConnectedPorts,
  waiting: Waiting,
): Composition {
  let opening: Promise<OpenApp> | null = null;
  return {
    settings,
    waiting,
    open: async () => {
      if (!settings.ok) throw new InvalidSettings(settings.problems);
      opening ??= openApp(settings.settings, connect).catch((error: unknown) => {
        opening = null;
        throw error;
      });
      return opening;
    },
  };
}

async function openApp(
  settings: Settings,
  connect: (settings: Settings) => ConnectedPorts,
): Promise<OpenApp> {
  const { ports, prepare, subscriptions } = connect(settings);
  await prepare();
  const mappings = defaultMappings(settings.ownershipModel);
  await ensureJobs(ports, mappings);
  return { settings, ports, mappings, subscriptions };
}
