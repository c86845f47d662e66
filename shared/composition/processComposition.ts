/** The composition of this process. Importing it reads the environment and does no other work (platform A-12). */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogLevel } from '../ports/system.ts';
import { type Composition, createComposition } from './composition.ts';
import { connectPorts, processLog } from './ports.ts';
import { parseSettings } from './settings.ts';

/** Reads and checks the environment; opens nothing. */
export const processComposition: Composition = createComposition(parseSettings(process.env), connectPorts, {
  pause: (ms) => pause(ms),
  elapsedMs: () => performance.now(),
});

/** Logs what is to be said about the settings, one event per line: problems, and what is given but not used. */
export function reportSettings({ settings }: Composition, log = processLog): void {
  const say = (level: LogLevel, event: string, message: string) => log(level, event, { message });
  if (!settings.ok) {
    for (const problem of settings.problems) say('error', 'invalid-settings', problem);
  } else if (settings.settings.serviceBusGiven) {
    say('warning', 'service-bus-not-used', 'SERVICE_BUS is set, but runs travel over storage queues.');
  }
}
