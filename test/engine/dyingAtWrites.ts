/** A host that dies at its nth write, to see what the next one makes of it. */
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { When } from './dyingHost.ts';
import { intercept } from './intercept.ts';

type Call = (...input: never[]) => Promise<unknown>;

/** Guards calls: at the nth of them the host dies, before or after it, and answers none any more. */
export function dyingAtCall(nth: number, when: When) {
  const state = { calls: 0, reached: false };
  const guard = <Original extends Call>(original: Original): Original =>
    (async (...input: Parameters<Original>) => {
      if (state.reached) throw new Error('the host is gone');
      state.calls += 1;
      if (state.calls !== nth) return original(...input);
      state.reached = true;
      if (when === 'after') await original(...input);
      throw new Error('the host went away');
    }) as unknown as Original;
  return { state, guard };
}

type Guard = ReturnType<typeof dyingAtCall>['guard'];

/**
 * Ports whose host dies at the nth write of rows or couplings, or of what `more` guards; `reached` tells whether it came
 * that far.
 */
export function dyingAt(
  ports: SyncPorts,
  nth: number,
  when: When,
  more: (ports: SyncPorts, guard: Guard) => Partial<SyncPorts> = () => ({}),
) {
  const { state, guard } = dyingAtCall(nth, when);
  const dataverse = intercept(ports.dataverse, { create: guard, update: guard, delete: guard });
  const businessCentral = intercept(ports.businessCentral, { create: guard, update: guard, delete: guard });
  const couplings = intercept(ports.couplings, { save: guard });
  return { state, ports: { ...ports, businessCentral, dataverse, couplings, ...more(ports, guard) } };
}
