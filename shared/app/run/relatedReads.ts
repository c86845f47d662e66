/** Reads what follow-ups need to know, one request group per kind of read. */
import { businessCentralId, dataverseId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import { byId, type RelatedRead, RelatedRecords, readGroup } from '../../domain/sync/followUps.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';

type DataverseRead = Extract<RelatedRead, { side: 'dataverse' }>;
type BusinessCentralRead = Extract<RelatedRead, { side: 'businessCentral' }>;

/** Answers all reads; each value is asked for once, however many records ask. */
export async function readRelated(ports: SyncPorts, reads: readonly RelatedRead[]): Promise<RelatedRecords> {
  const rows = new Map<string, readonly DataverseRow[]>();
  const records = new Map<string, readonly BusinessCentralRecord[]>();
  await Promise.all(
    [...grouped(reads)].map(async ([key, group]) => {
      const [first] = group;
      if (first?.side === 'dataverse') rows.set(key, await readRows(ports, first, valuesOf(group)));
      if (first?.side === 'businessCentral')
        records.set(key, await readRecords(ports, first, valuesOf(group)));
    }),
  );
  return new RelatedRecords(rows, records);
}

function grouped(reads: readonly RelatedRead[]): ReadonlyMap<string, readonly RelatedRead[]> {
  const groups = new Map<string, RelatedRead[]>();
  for (const read of reads) {
    const key = readGroup(read);
    const group = groups.get(key);
    if (group) group.push(read);
    else groups.set(key, [read]);
  }
  return groups;
}

function valuesOf(group: readonly RelatedRead[]): readonly string[] {
  return [...new Set(group.map(({ value }) => canonicalText(value)))].filter((value) => value !== '');
}

function readRows({ dataverse }: SyncPorts, read: DataverseRead, values: readonly string[]) {
  const { table, attribute } = read;
  if (attribute === byId) {
    return dataverse.readByIds({ table, attributes: read.attributes }, values.map(dataverseId));
  }
  const attributes = [...new Set([...read.attributes, attribute])];
  return dataverse.readByValues({ table, attributes }, attribute, values);
}

function readRecords({ businessCentral }: SyncPorts, read: BusinessCentralRead, values: readonly string[]) {
  const { entitySet, route, property } = read;
  if (property === byId) {
    const selection = { entitySet, route, properties: read.properties, companions: [] };
    return businessCentral.readByIds(selection, values.map(businessCentralId));
  }
  const properties = [...new Set([...read.properties, property])];
  return businessCentral.readByValues({ entitySet, route, properties, companions: [] }, property, values);
}
