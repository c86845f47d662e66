/** What a code or an option means on the other side (E-81, with the seed rule for what has no pair). */
import type { Coupling } from '../couplings/coupling.ts';
import type { TableMapping } from '../mappings/model.ts';
import type { LookupAnswer } from '../sync/lookups.ts';
import { asCode } from '../sync/values.ts';
import { codeOfCaption, type OptionValue, optionColumnOf } from './optionRow.ts';
import { optionNumberOf } from './optionRowId.ts';

/** A Business Central record of an option table, as far as references need it. */
export interface CodeRecord {
  readonly id: string;
  readonly code: string;
}

/**
 * To Dataverse: paired -> its number; known without a pair -> unpaired; a code no record has -> blank. A reference by id
 * does not tell whether its record exists, so without a pair it counts as unpaired.
 */
export function answerForCode(
  mapping: TableMapping,
  reference: { readonly by: 'key' | 'id'; readonly value: string },
  record: CodeRecord | null,
  coupling: Coupling | null,
): LookupAnswer {
  if (record === null && reference.by === 'key') return { status: 'blank' };
  const number = coupling && optionNumberOf(optionColumnOf(mapping), coupling.dataverseId);
  return number === null
    ? { status: 'unpaired' }
    : { status: 'coupled', id: String(number), key: record?.code ?? reference.value };
}

/** The codes an unpaired option may stand for: that of its caption, then its number. */
export function codesForOption(
  mapping: TableMapping,
  value: number,
  options: readonly OptionValue[],
): readonly string[] {
  const caption = options.find((option) => option.value === value)?.label ?? '';
  return [codeOfCaption(mapping, caption), String(value)].filter((code) => code !== '');
}

/** To Business Central without a pair: by caption, else by number, else unpaired. */
export function answerForOption(
  codes: readonly string[],
  records: ReadonlyMap<string, CodeRecord>,
): LookupAnswer {
  const found = codes.map((code) => records.get(asCode(code))).find((record) => record !== undefined);
  return found ? { status: 'coupled', id: found.id, key: found.code } : { status: 'unpaired' };
}
