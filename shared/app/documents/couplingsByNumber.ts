/** Couplings of orders by the number of the order, which is what they are named by. */
import type { MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { SyncPorts } from '../syncPorts.ts';

const couplingsAtATime = 1000;

/** Pages of up to 1,000, so that memory is bounded however many orders are coupled. */
export async function* couplingsByNumber(
  { couplings }: SyncPorts,
  mapping: MappingName,
): AsyncGenerator<ReadonlyMap<string, Coupling>> {
  let continuation: string | null = null;
  do {
    const page = await couplings.list({ mapping }, { top: couplingsAtATime, continuation });
    yield new Map(page.rows.map((coupling) => [coupling.businessCentralName, coupling]));
    continuation = page.continuation;
  } while (continuation !== null);
}
