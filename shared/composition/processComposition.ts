/** The composition of this process. Importing it reads the environment and does no other work (platform A-12). */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Composition, createComposition } from './composition.ts';
import { connectPorts, processLog } from './ports.ts';
import { parseSettings } from './settings.ts';

/** Reads and checks the environment; opens nothing. */
export const processComposition: Composition = createComposition(parseSettings(process.env), connectPorts, {
  pause: (ms) => pause(ms),
  elapsedMs: () => performance.now(),
});

/** Logs what is wrong with the settings, one event per line. */
export function reportSettings({ settings }: Composition, log = processLog): void {
  if (settings.ok) return;
  for (const message of settings.problems) log('error', 'invalid-settings', { message });
}
