/** What has to be written so that several columns hold the same options under the same numbers (E-82). */
import type { OptionColumn } from '../mappings/model.ts';
import { asCode } from '../sync/values.ts';
import type { OptionValue } from './optionRow.ts';

/** A column with the options it has now. */
export interface ColumnOptions {
  readonly column: OptionColumn;
  /** Name of the option set the column shares with others; null when the options are its own. */
  readonly sharedSet: string | null;
  readonly options: readonly OptionValue[];
}

/** One option to add to a column, or to rename in it. */
export interface OptionWrite extends OptionValue {
  readonly target: Pick<ColumnOptions, 'column' | 'sharedSet'>;
}

export interface RelatedWrites {
  readonly adds: readonly OptionWrite[];
  readonly renames: readonly OptionWrite[];
}

/** Numbers from here on belong to customizations: a publisher's prefix times 10,000 (dataverse-web-api section 18). */
const firstCustomNumber = 10_000;

/**
 * The related columns without those that show the very options of the account column, and each shared set once: what is
 * written to a shared set shows in all its columns.
 */
export function separateSets(
  own: ColumnOptions,
  related: readonly ColumnOptions[],
): readonly ColumnOptions[] {
  const seen = new Set<string>(own.sharedSet === null ? [] : [own.sharedSet]);
  return related.filter(({ sharedSet }) => {
    if (sharedSet === null) return true;
    const isNew = !seen.has(sharedSet);
    seen.add(sharedSet);
    return isNew;
  });
}

/**
 * The numbers new options get, null where the service may choose. It is left to choose unless another column has
 * customized numbers of its own, which a number free in the account column could meet.
 */
export function numbersForNew(
  own: ColumnOptions,
  related: readonly ColumnOptions[],
  count: number,
): readonly (number | null)[] {
  const ours = new Set(own.options.map(({ value }) => value));
  const theirs = related.flatMap(({ options }) => options.map(({ value }) => value));
  const hasForeign = theirs.some((value) => value >= firstCustomNumber && !ours.has(value));
  if (!hasForeign) return Array.from({ length: count }, () => null);
  const highest = Math.max(...ours, ...theirs);
  return Array.from({ length: count }, (_, index) => highest + 1 + index);
}

/** Adds what a column lacks and renames what another caption stands for; a difference in case alone is none. */
export function relatedWrites(
  related: readonly ColumnOptions[],
  wanted: readonly OptionValue[],
): RelatedWrites {
  const adds: OptionWrite[] = [];
  const renames: OptionWrite[] = [];
  for (const { column, sharedSet, options } of related) {
    const labels = new Map(options.map(({ value, label }) => [value, label]));
    for (const { value, label } of wanted) {
      const present = labels.get(value);
      const write = { target: { column, sharedSet }, value, label };
      if (present === undefined) adds.push(write);
      else if (asCode(present) !== asCode(label)) renames.push(write);
    }
  }
  return { adds, renames };
}

/** The option that an add of unknown outcome made: one of the caption that was not there before; null when none is. */
export function madeMeanwhile(
  before: readonly OptionValue[],
  now: readonly OptionValue[],
  label: string,
): OptionValue | null {
  const known = new Set(before.map(({ value }) => value));
  return now.find((option) => !known.has(option.value) && option.label === label) ?? null;
}
