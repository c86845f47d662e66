/** Couplings of orders by the number of the order, which is what they are named by. */
import type { MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { SyncPorts } from '../syncPorts.ts';

const couplingsAtATime = 1000;

/** Pages of up to 1,000, so that memory is bounded however many orders are coupled. */
export async function* couplingsByNumber(
  ports: SyncPorts,
  mapping: MappingName,
): AsyncGenerator<ReadonlyMap<string, Coupling>> {
  for await (const page of couplingPages(ports, mapping)) {
    yield new Map(page.map((coupling) => [coupling.businessCentralName, coupling]));
  }
}

/** All couplings of a mapping, in pages of up to 1,000. */
export async function* couplingPages(
  { couplings }: SyncPorts,
  mapping: MappingName,
): AsyncGenerator<readonly Coupling[]> {
  let continuation: string | null = null;
  do {
    const page = await couplings.list({ mapping }, { top: couplingsAtATime, continuation });
    yield page.rows;
    continuation = page.continuation;
  } while (continuation !== null);
}
