/** Ports whose writes to storage and queue are noted, for tests of what must write nothing. */
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { World } from './world.ts';

const writing = /^(save|replace|remove|resolve|repoint|send|ask|create|update|delete|add|rename|publish)/;
const stores = [
  'couplings',
  'logs',
  'retries',
  'jobs',
  'mappings',
  'actions',
  'fullSync',
  'statistics',
  'queue',
] as const;

/** The same ports; the name of each call that writes is added to `writes`. */
export function watchedWrites(ports: SyncPorts, writes: string[]): SyncPorts {
  const noted = (name: string, port: object) =>
    new Proxy(port, {
      get(target, operation, receiver) {
        const original: unknown = Reflect.get(target, operation, receiver);
        if (typeof original !== 'function' || !writing.test(String(operation))) return original;
        return (...input: unknown[]) => {
          writes.push(`${name}.${String(operation)}`);
          return Reflect.apply(original, target, input) as unknown;
        };
      },
    });
  return { ...ports, ...Object.fromEntries(stores.map((name) => [name, noted(name, ports[name])])) };
}

/** Everything both systems hold, as text to compare. */
export function systemsOf({ businessCentral, dataverse }: World): string {
  return JSON.stringify([businessCentral.snapshot(), dataverse.snapshot()]);
}
