/** Records: the main row and its companion rows as one (DESIGN, Business Central side). */
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, FieldValue, FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { Client } from './client.ts';
import { type Lookup, readLookups } from './lookups.ts';
import { guidLiteral } from './odata.ts';
import type { SetRow, SetSelection } from './rows.ts';

/** The main set of a selection. */
export function mainSet(selection: BusinessCentralSelection): SetSelection {
  const { entitySet, route, properties } = selection;
  return { entitySet, route, properties };
}

/** The companion sets of a selection; they all are on the companion route. */
export function companionSets(selection: BusinessCentralSelection): readonly SetSelection[] {
  return selection.companions.map((companion) => ({ ...companion, route: 'companion' }));
}

/** The key of a property in a record's values. */
export function valueKey(selection: BusinessCentralSelection, entitySet: string, property: string): string {
  return entitySet === selection.entitySet ? property : `${entitySet}/${property}`;
}

/** A record with nothing but its main row. */
export function recordOf(selection: BusinessCentralSelection, row: SetRow): BusinessCentralRecord {
  const { id, modifiedAt, values, etag } = row;
  return { id, modifiedAt, values, etags: { [selection.entitySet]: etag } };
}

/** The record with the values and etag of a row of one of its sets; other etags and the time stay. */
export function withRow(
  selection: BusinessCentralSelection,
  record: BusinessCentralRecord,
  entitySet: string,
  row: SetRow,
): BusinessCentralRecord {
  return {
    ...record,
    etags: { ...record.etags, [entitySet]: row.etag },
    values: { ...record.values, ...keyed(selection, entitySet, row.values) },
  };
}

function keyed(selection: BusinessCentralSelection, entitySet: string, values: FieldValues): FieldValues {
  const pairs = Object.entries(values).map(([property, value]): [string, FieldValue] => [
    valueKey(selection, entitySet, property),
    value,
  ]);
  return Object.fromEntries(pairs);
}

/** The look-up of rows by id. */
export function lookupById(set: SetSelection, ids: readonly BusinessCentralId[]): Lookup {
  return { set, property: 'id', literals: ids.map(guidLiteral) };
}

/** Adds the companion rows of exactly these records, read in one batch; records keep their order. */
export async function withCompanions(
  client: Client,
  selection: BusinessCentralSelection,
  records: readonly BusinessCentralRecord[],
): Promise<readonly BusinessCentralRecord[]> {
  const sets = companionSets(selection);
  if (sets.length === 0 || records.length === 0) return records;
  const ids = records.map((record) => record.id);
  const rows = await readLookups(
    client,
    sets.map((set) => lookupById(set, ids)),
  );
  return mergeCompanions(selection, records, sets, rows);
}

/** Merges rows of companion sets into records by id; a record without a row lacks that set's values. */
export function mergeCompanions(
  selection: BusinessCentralSelection,
  records: readonly BusinessCentralRecord[],
  sets: readonly SetSelection[],
  rows: readonly (readonly SetRow[])[],
): readonly BusinessCentralRecord[] {
  const byId = rows.map((ofSet) => new Map(ofSet.map((row) => [row.id, row])));
  return records.map((record) =>
    sets.reduce((merged, set, index) => {
      const row = byId[index]?.get(record.id);
      return row === undefined ? merged : withRow(selection, merged, set.entitySet, row);
    }, record),
  );
}
