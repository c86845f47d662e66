/** What runs travel over, and on which queue: one decision for those who send and for the trigger that receives. */
import { isServiceBusGiven } from '../adapters/serviceBus/serviceBusNamespace.ts';

export { serviceBusConnection } from '../adapters/serviceBus/serviceBusNamespace.ts';

/** The queue of runs, under this name in either service; the trigger of functions/jobSlices.ts listens on it. */
export const runQueueName = 'sync-runs';

/** Ways that runs can travel. */
export const runTransports = ['storageQueue', 'serviceBus'] as const;
/** One way that runs can travel. */
export type RunTransport = (typeof runTransports)[number];

/** Service Bus where it is given. Needs no valid settings, since triggers are registered in any case (platform A-12). */
export function runTransportOf(environment: Readonly<Record<string, string | undefined>>): RunTransport {
  return isServiceBusGiven(environment) ? 'serviceBus' : 'storageQueue';
}
