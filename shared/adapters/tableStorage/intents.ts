/** Create intents, kept beside the couplings they precede. */
import type { DataverseId, MappingName } from '../../domain/common/ids.ts';
import type { CreateIntent } from '../../domain/couplings/coupling.ts';
import { intentFrom, intentPrefix, intentProperties, intentRow } from './couplingRows.ts';
import type { EntityTable, RowWrite } from './entityTable.ts';
import { encodeKey, prefixEnd } from './keys.ts';
import { groupByMapping, writeWherePossible } from './lookups.ts';

/** Every intent of a mapping that stands; usually none, in one request, because only creates in flight leave one. */
export async function standingIntents(
  table: EntityTable,
  mapping: MappingName,
): Promise<readonly CreateIntent[]> {
  const range = { rowFrom: intentPrefix, rowBefore: prefixEnd(intentPrefix) };
  const { rows } = await table.query({ partition: encodeKey(mapping), ...range });
  return rows.map((row) => intentFrom(table.name, row));
}

/** See CouplingStore.saveIntents. */
export async function saveIntents(table: EntityTable, intents: readonly CreateIntent[]): Promise<void> {
  const last = new Map(intents.map((intent) => [`${intent.mapping} ${intent.dataverseId}`, intent]));
  for (const [mapping, group] of groupByMapping([...last.values()])) {
    const writes = group.map(
      (intent): RowWrite => ({
        kind: 'upsert',
        row: intentRow(intent.dataverseId),
        properties: intentProperties(intent),
      }),
    );
    await writeWherePossible(table, encodeKey(mapping), writes);
  }
}

/** See CouplingStore.removeIntents. */
export async function removeIntents(
  table: EntityTable,
  mapping: MappingName,
  ids: readonly DataverseId[],
): Promise<void> {
  const writes = ids.map((id): RowWrite => ({ kind: 'delete', row: intentRow(id) }));
  await writeWherePossible(table, encodeKey(mapping), writes);
}
