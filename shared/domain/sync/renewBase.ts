/** Keeps the engine's own secondary writes from looking like user changes (E-46). */
import type { Side } from '../common/directions.ts';
import type { FieldValues } from '../common/records.ts';
import type { BaseDigests } from '../couplings/coupling.ts';
import type { FieldMapping, TableMapping } from '../mappings/model.ts';
import { baseOfSide, changedSinceBase, type DigestText, digestValue } from './digests.ts';

/** Values of one record before and after a write of the engine, in one Dataverse table or Business Central set. */
export interface SecondaryWrite {
  readonly side: Side;
  /** Logical name of the table, or entity set. */
  readonly source: string;
  readonly id: string;
  readonly before: FieldValues;
  readonly after: FieldValues;
}

/** The name under which the write's values hold a field; null when the field is not of the write's table or set. */
function nameIn(mapping: TableMapping, field: FieldMapping, { side, source }: SecondaryWrite): string | null {
  if (side === 'dataverse') {
    return mapping.dataverse.table === source ? (field.dataverse?.attribute ?? null) : null;
  }
  const { businessCentral } = field;
  const set = businessCentral?.entitySet ?? mapping.businessCentral.entitySet;
  return businessCentral !== null && set === source ? businessCentral.property : null;
}

/** The mapping's fields that a secondary write changed. */
export function fieldsWritten(mapping: TableMapping, write: SecondaryWrite): readonly FieldMapping[] {
  return mapping.fields.filter((field) => {
    const name = nameIn(mapping, field, write);
    return field.enabled && name !== null && name in write.after;
  });
}

/**
 * The base with the written values, for fields that nobody had changed since both sides last agreed; a field that a user
 * had changed keeps its base, so that the user's change still synchronises. Null when nothing is to be renewed.
 */
export function renewedBase(
  mapping: TableMapping,
  digest: DigestText,
  base: BaseDigests,
  write: SecondaryWrite,
): BaseDigests | null {
  const renewed: Record<string, BaseDigests[string]> = {};
  for (const field of fieldsWritten(mapping, write)) {
    const name = nameIn(mapping, field, write) ?? '';
    const known = base[field.id];
    const before = write.before[name];
    if (!known || !(name in write.before)) continue;
    if (changedSinceBase(digest, field.id, known, write.side, before) !== false) continue;
    const made = digestValue(digest, field.id, write.after[name]);
    const other = write.side === 'dataverse' ? 'businessCentral' : 'dataverse';
    const kept = baseOfSide(known, other);
    renewed[field.id] =
      write.side === 'dataverse'
        ? { businessCentral: kept, dataverse: made }
        : { businessCentral: made, dataverse: kept };
  }
  return Object.keys(renewed).length === 0 ? null : { ...base, ...renewed };
}
