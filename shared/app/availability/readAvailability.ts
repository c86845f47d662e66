/** How much of an item there is right now, for the product form of Sales (ST-39 to ST-42). */
import { type DataverseId, mappingName } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import { availableQuantity } from '../../domain/statistics/itemAvailability.ts';
import { asCode } from '../../domain/sync/values.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { requireEnabled } from '../jobs/integrationSwitch.ts';
import type { SyncPorts } from '../syncPorts.ts';

const items = mappingName('ITEM-PRODUCT');
const itemSelection: BusinessCentralSelection = {
  entitySet: 'items',
  route: 'v2.0',
  properties: ['number', 'baseUnitOfMeasureCode', 'inventory'],
  companions: [],
};

/** Which item is asked for. */
export type AvailabilityQuestion =
  | { readonly dataverseProductId: DataverseId }
  | { readonly itemNumber: string };

/** What there is, in the item's base unit (ST-41). */
export interface Availability {
  readonly itemNumber: string;
  readonly baseUnit: string;
  /** Never below zero (ST-35). */
  readonly inventory: number;
  /** When Business Central was asked. */
  readonly asOf: Instant;
}

/**
 * Read live, never from what was synchronised (ST-42). Null when there is no such item, or its product is not coupled;
 * products of resources are not. Raises SyncFailure `integration-disabled` (ST-36) and what Business Central raises.
 */
export async function readAvailability(
  ports: SyncPorts,
  question: AvailabilityQuestion,
): Promise<Availability | null> {
  await requireEnabled(ports);
  const asOf = ports.clock.now();
  const item =
    'itemNumber' in question
      ? await itemOfNumber(ports, question.itemNumber)
      : await itemOfProduct(ports, question.dataverseProductId);
  if (!item) return null;
  return {
    itemNumber: String(item.values['number'] ?? ''),
    baseUnit: String(item.values['baseUnitOfMeasureCode'] ?? ''),
    inventory: availableQuantity(item.values['inventory']),
    asOf,
  };
}

async function itemOfProduct(
  { couplings, businessCentral }: SyncPorts,
  dataverseId: DataverseId,
): Promise<BusinessCentralRecord | null> {
  const { rows } = await couplings.list({ mapping: items, dataverseId }, { top: 1, continuation: null });
  const ids = rows.map(({ businessCentralId }) => businessCentralId);
  const [item] = ids.length === 0 ? [] : await businessCentral.readByIds(itemSelection, ids);
  return item ?? null;
}

async function itemOfNumber(
  { couplings, businessCentral }: SyncPorts,
  itemNumber: string,
): Promise<BusinessCentralRecord | null> {
  const number = asCode(itemNumber);
  const [item] = await businessCentral.readByValues(itemSelection, 'number', [number]);
  if (!item) return null;
  const query = { mapping: items, businessCentralId: item.id };
  const { rows } = await couplings.list(query, { top: 1, continuation: null });
  return rows.length === 0 ? null : item;
}
