/** Answers references to option mappings in a few requests: pairs first, then captions and numbers (E-81). */
import { type BusinessCentralId, businessCentralId, type DataverseId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import {
  answerForCode,
  answerForOption,
  type CodeRecord,
  codesForOption,
} from '../../domain/options/optionAnswers.ts';
import { optionColumnOf } from '../../domain/options/optionRow.ts';
import { isOptionNumber, optionRowId } from '../../domain/options/optionRowId.ts';
import type { LookupAnswer, Reference } from '../../domain/sync/lookups.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';

/**
 * One answer per reference, in order; all references are of one side and one way to be found. Without the companion app
 * the codes of a set that only it serves cannot be read: their options count as unpaired.
 */
export async function optionAnswers(
  ports: SyncPorts,
  mapping: TableMapping,
  references: readonly Reference[],
  coupledCount: number,
): Promise<readonly LookupAnswer[]> {
  const isReadable =
    mapping.businessCentral.route !== 'companion' || (await ports.businessCentral.hasCompanionApp());
  if (!isReadable) return references.map(() => ({ status: 'unpaired' }));
  return references[0]?.side === 'businessCentral'
    ? answersForCodes(ports, mapping, references, coupledCount)
    : answersForOptions(ports, mapping, references, coupledCount);
}

async function answersForCodes(
  ports: SyncPorts,
  mapping: TableMapping,
  references: readonly Reference[],
  coupledCount: number,
): Promise<readonly LookupAnswer[]> {
  const keys = references.flatMap(({ by, value }) => (by === 'key' ? [value] : []));
  const byCode = await recordsByCode(ports, mapping, keys);
  const idOf = ({ by, value }: Reference): BusinessCentralId | null =>
    by === 'id' ? businessCentralId(value) : (byCode.get(asCode(value))?.id ?? null);
  const ids = [...new Set(references.map(idOf).filter((id) => id !== null))];
  const found = await ports.couplings.byBusinessCentralIds(mapping.name, ids, coupledCount);
  const couplings = new Map<string, Coupling>(
    found.map((coupling) => [coupling.businessCentralId, coupling]),
  );
  return references.map((reference) => {
    const record = byCode.get(asCode(reference.value)) ?? null;
    const coupling = couplings.get(idOf(reference) ?? '') ?? null;
    return answerForCode(mapping, reference, record, coupling);
  });
}

async function answersForOptions(
  ports: SyncPorts,
  mapping: TableMapping,
  references: readonly Reference[],
  coupledCount: number,
): Promise<readonly LookupAnswer[]> {
  const rowIds = references.map(({ value }) => rowIdOf(mapping, value));
  const ids = [...new Set(rowIds.filter((id) => id !== null))];
  const found = await ports.couplings.byDataverseIds(mapping.name, ids, coupledCount);
  const couplings = new Map<string, Coupling>(found.map((coupling) => [coupling.dataverseId, coupling]));
  const paired = await recordsById(ports, mapping, found);
  const answers = rowIds.map((id): LookupAnswer | null => {
    const record = paired.get(couplings.get(id ?? '')?.businessCentralId ?? '');
    return record ? { status: 'coupled', id: record.id, key: record.code } : null;
  });
  const open = references.filter((_, index) => answers[index] === null);
  const others = await answersByCaption(ports, mapping, open);
  return answers.map((answer, index) => {
    return answer ?? others.get(references[index]?.value ?? '') ?? { status: 'unpaired' };
  });
}

function rowIdOf(mapping: TableMapping, text: string): DataverseId | null {
  const value = Number(text);
  return isOptionNumber(value) ? optionRowId(optionColumnOf(mapping), value) : null;
}

/** Options without a pair, by the text of their number. */
async function answersByCaption(
  ports: SyncPorts,
  mapping: TableMapping,
  references: readonly Reference[],
): Promise<ReadonlyMap<string, LookupAnswer>> {
  if (references.length === 0) return new Map();
  const [column] = await ports.dataverse.readOptions([optionColumnOf(mapping)]);
  const wanted = references.map(({ value }) => {
    return [value, codesForOption(mapping, Number(value), column?.options ?? [])] as const;
  });
  const records = await recordsByCode(
    ports,
    mapping,
    wanted.flatMap(([, codes]) => codes),
  );
  return new Map(wanted.map(([value, codes]) => [value, answerForOption(codes, records)]));
}

type FoundRecord = CodeRecord & { readonly id: BusinessCentralId };

function selectionOf({ businessCentral }: TableMapping) {
  const { entitySet, route, keyProperty } = businessCentral;
  return { entitySet, route, properties: [keyProperty], companions: [] };
}

function codeRecord({ businessCentral }: TableMapping, record: BusinessCentralRecord): FoundRecord {
  return { id: record.id, code: canonicalText(record.values[businessCentral.keyProperty]) };
}

async function recordsByCode(
  { businessCentral }: SyncPorts,
  mapping: TableMapping,
  codes: readonly string[],
): Promise<ReadonlyMap<string, FoundRecord>> {
  const asked = [...new Set(codes.map(asCode))];
  if (asked.length === 0) return new Map();
  const { keyProperty } = mapping.businessCentral;
  const records = await businessCentral.readByValues(selectionOf(mapping), keyProperty, asked);
  const found = records.map((record) => codeRecord(mapping, record));
  return new Map(found.map((record) => [asCode(record.code), record]));
}

async function recordsById(
  { businessCentral }: SyncPorts,
  mapping: TableMapping,
  couplings: readonly Coupling[],
): Promise<ReadonlyMap<string, FoundRecord>> {
  if (couplings.length === 0) return new Map();
  const ids = couplings.map(({ businessCentralId: id }) => id);
  const records = await businessCentral.readByIds(selectionOf(mapping), ids);
  return new Map(records.map((record) => [record.id, codeRecord(mapping, record)]));
}
