/** Ports of a host that dies at one call. */
import type { SyncPorts } from '../../shared/app/syncPorts.ts';

export type When = 'before' | 'after';

/** Both services and every store that a run of a job reads and writes. */
const mortal = ['businessCentral', 'dataverse', 'couplings', 'logs', 'retries', 'mappings'] as const;

export interface DyingHost {
  readonly ports: SyncPorts;
  readonly state: { calls: number; reached: boolean };
}

/** The same ports; at the nth call of any of them the host dies, before or after the call is carried out. */
export function dyingHost(ports: SyncPorts, nth: number, when: When): DyingHost {
  const state = { calls: 0, reached: false };
  const carryOut = async (call: () => unknown): Promise<unknown> => {
    if (state.reached) throw new Error('the host is gone');
    state.calls += 1;
    if (state.calls !== nth) return call();
    state.reached = true;
    if (when === 'after') await call();
    throw new Error('the host went away');
  };
  const guarded = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name, receiver) {
        const original: unknown = Reflect.get(target, name, receiver);
        if (typeof original !== 'function') return original;
        const call = (input: readonly unknown[]): unknown => Reflect.apply(original, target, input);
        if (name === 'metered') return (...input: unknown[]) => guarded(call(input) as object);
        return (...input: unknown[]) => carryOut(() => call(input));
      },
    });
  const replaced = Object.fromEntries(mortal.map((name) => [name, guarded(ports[name])]));
  return { state, ports: { ...ports, ...replaced } };
}
