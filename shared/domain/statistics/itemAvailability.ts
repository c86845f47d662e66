/** How much of an item there is, and whether its product in Sales has to be told (ST-32 to ST-38). */
import type { BusinessCentralRecord, DataverseRow, FieldValue } from '../common/records.ts';
import type { BaseDigests, Coupling } from '../couplings/coupling.ts';
import type { FieldMapping, TableMapping } from '../mappings/model.ts';
import { changedSinceBase, type DigestText, fieldBase } from '../sync/digests.ts';

/** The column of the product. */
export const quantityColumn = 'quantityonhand';

/** Over all locations and variants, in the base unit; what is below zero counts as zero (ST-35). */
export function availableQuantity(inventory: FieldValue | undefined): number {
  const quantity = Number(inventory ?? 0);
  return Number.isFinite(quantity) ? Math.max(0, quantity) : 0;
}

/** The field of ITEM-PRODUCT that carries inventory to Sales; null when it is switched off (ST-32, ST-33). */
export function quantityField(mapping: TableMapping | undefined): FieldMapping | null {
  const isCarried = ({ enabled, businessCentral, dataverse }: FieldMapping) =>
    enabled && businessCentral?.property === 'inventory' && dataverse?.attribute === quantityColumn;
  return (mapping?.enabled ? mapping.fields.find(isCarried) : undefined) ?? null;
}

/**
 * Whether stock moved since it was last sent (ST-38). Skipped pairs wait for a user (ST-34), and pairs never synchronised
 * for ITEM-PRODUCT itself.
 */
export function hasMoved(
  field: FieldMapping,
  digest: DigestText,
  { state, base }: Coupling,
  item: BusinessCentralRecord,
): boolean {
  if (state === 'skipped' || base === null) return false;
  const inventory = item.values['inventory'];
  return changedSinceBase(digest, field.id, base[field.id], 'businessCentral', inventory) !== false;
}

/** The base after the quantity was written, so that ITEM-PRODUCT takes it for no change of either side. */
export function settledBase(
  field: FieldMapping,
  digest: DigestText,
  base: BaseDigests,
  item: BusinessCentralRecord,
  product: DataverseRow,
): BaseDigests {
  const values = [item.values['inventory'], product.values[quantityColumn]] as const;
  return { ...base, [field.id]: fieldBase(digest, field.id, ...values) };
}
