/** Coupled items whose stock may have moved, page by page (ST-34, ST-37). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import { later } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { asCode } from '../../domain/sync/values.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { SyncPorts } from '../syncPorts.ts';

const itemsAtATime = 1000;

/** The item's own page: inventory is calculated when it is read, and never written (ST-37). */
export const itemSelection: BusinessCentralSelection = {
  entitySet: 'items',
  route: 'v2.0',
  properties: ['number', 'inventory'],
  companions: [],
};

const entries: BusinessCentralSelection = {
  entitySet: 'itemLedgerEntries',
  route: 'v2.0',
  properties: ['itemNumber'],
  companions: [],
};

/** Items with new ledger entries; null numbers = the service has no such set, and all coupled items are compared. */
export interface Movements {
  /** Numbers in order, each once. */
  readonly numbers: readonly string[] | null;
  /** Newest modification time read. */
  readonly newest: Instant | null;
}

/** Reads entries since an instant, page by page; only numbers of items are kept. Raises SyncFailure. */
export async function readMovements(
  { businessCentral }: SyncPorts,
  modifiedFrom: Instant | null,
): Promise<Movements> {
  const numbers = new Set<string>();
  let newest: Instant | null = null;
  try {
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page = await businessCentral.readChanges({ selection: entries, modifiedFrom, cursor });
      for (const { values, modifiedAt } of page.records) {
        numbers.add(asCode(String(values['itemNumber'] ?? '')));
        newest = later(newest, modifiedAt);
      }
      cursor = page.next;
    }
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'entity-set-not-found') {
      return { numbers: null, newest: null };
    }
    throw error;
  }
  return { numbers: [...numbers].filter((number) => number !== '').toSorted(), newest };
}

/** A page of coupled items, and where the next one begins; null after the last. */
export interface ItemPage {
  readonly pairs: readonly { readonly item: BusinessCentralRecord; readonly coupling: Coupling }[];
  readonly next: string | null;
}

/** The next page: of the movements, or of all coupled items where there are none. `after` is `next` of the page before. */
export function nextItems(
  ports: SyncPorts,
  { mapping, coupledCount }: Pick<MappingState, 'mapping' | 'coupledCount'>,
  { numbers }: Movements,
  after: string | null,
): Promise<ItemPage> {
  return numbers === null
    ? nextCoupled(ports, mapping, after)
    : nextMoved(ports, mapping, coupledCount, numbers, after);
}

async function nextMoved(
  ports: SyncPorts,
  mapping: MappingName,
  coupledCount: number,
  numbers: readonly string[],
  after: string | null,
): Promise<ItemPage> {
  const open = after === null ? numbers : numbers.filter((number) => number > after);
  const page = open.slice(0, itemsAtATime);
  const items = await ports.businessCentral.readByValues(itemSelection, 'number', page);
  const ids = items.map(({ id }) => id);
  const couplings = await ports.couplings.byBusinessCentralIds(mapping, ids, coupledCount);
  return {
    pairs: pairsOf(items, couplings),
    next: open.length > itemsAtATime ? (page.at(-1) ?? null) : null,
  };
}

async function nextCoupled(ports: SyncPorts, mapping: MappingName, after: string | null): Promise<ItemPage> {
  const page = await ports.couplings.list({ mapping }, { top: itemsAtATime, continuation: after });
  const ids = page.rows.map(({ businessCentralId }) => businessCentralId);
  const items = ids.length === 0 ? [] : await ports.businessCentral.readByIds(itemSelection, ids);
  return { pairs: pairsOf(items, page.rows), next: page.continuation };
}

function pairsOf(items: readonly BusinessCentralRecord[], couplings: readonly Coupling[]): ItemPage['pairs'] {
  const byId = new Map(couplings.map((coupling) => [coupling.businessCentralId, coupling]));
  return items.flatMap((item) => {
    const coupling = byId.get(item.id);
    return coupling ? [{ item, coupling }] : [];
  });
}
