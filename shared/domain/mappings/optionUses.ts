/**
 * The option numbers a mapping relies on: in its filter, its constants, its templates and its rule. Organisations may
 * change their lists, so the numbers are checked against metadata (documents D-13, D-14) and never taken for granted.
 */
import { comparedNumbers } from '../odata/comparedNumbers.ts';
import { dataverseFilter } from '../sync/recordFilter.ts';
import { entityRuleOf } from './catalog.ts';
import type { ColumnFacts } from './completeMapping.ts';
import type { FieldMapping, OptionColumn, TableMapping } from './model.ts';

/** A number an option column takes; of a status, the state it belongs to. */
export interface OptionNumber {
  readonly value: number;
  readonly state: number | null;
}

/** A number that an entity rule writes or compares with. */
export interface RuleOption extends OptionNumber {
  readonly column: OptionColumn;
}

/** Where a mapping relies on a number. */
export const optionPlaces = ['filter', 'field', 'template', 'rule'] as const;
export type OptionPlace = (typeof optionPlaces)[number];

/** One number a mapping relies on. */
export interface OptionUse extends RuleOption {
  readonly place: OptionPlace;
  /** Id of the field mapping; elsewhere the column's name. */
  readonly field: string;
}

/** Columns as far as it must be known which of them hold options. */
export type ColumnTypes = Readonly<Record<string, Pick<ColumnFacts, 'type'>>>;

const optionTypes: readonly string[] = ['Picklist', 'State', 'Status'];

/** Every number the mapping relies on, each once per place. Fields that are disabled rely on nothing. Pure. */
export function optionUses(mapping: TableMapping, columns: ColumnTypes): readonly OptionUse[] {
  const { table } = mapping.dataverse;
  const isOption = (attribute: string) => optionTypes.includes(columns[attribute]?.type ?? '');
  const useOf = (place: OptionPlace, attribute: string, given: unknown, field = attribute): OptionUse[] => {
    const value = numberOf(given);
    if (value === null || !isOption(attribute)) return [];
    return [{ place, field, column: { table, attribute }, value, state: null }];
  };
  const filtered = comparedNumbers(dataverseFilter(mapping.dataverse.filter));
  const templates = mapping.templates.filter(({ target }) => target === 'dataverse');
  return [
    ...filtered.flatMap(({ property, value }) => useOf('filter', property, value)),
    ...mapping.fields.flatMap((field) =>
      writtenConstants(field).flatMap((value) =>
        useOf('field', field.dataverse?.attribute ?? '', value, field.id),
      ),
    ),
    ...templates.flatMap(({ values }) =>
      Object.entries(values).flatMap(([attribute, value]) => useOf('template', attribute, value)),
    ),
    ...entityRuleOf(mapping).options.map((option): OptionUse => {
      return { ...option, place: 'rule', field: option.column.attribute };
    }),
  ];
}

/** What a field writes to Sales whatever the source holds: its constant, or what its list of values says. */
function writtenConstants({
  enabled,
  direction,
  constant,
  transformation,
}: FieldMapping): readonly unknown[] {
  if (!enabled || direction === 'toBusinessCentral') return [];
  if (constant !== null) return [constant];
  if (transformation?.rule !== 'map' || transformation.direction !== 'toDataverse') return [];
  const { values, otherwise } = transformation.options;
  return [...Object.values({ ...(values as object) }), otherwise];
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
}

/** The uses whose number the organisation does not have; columns that nothing is known of are not judged. Pure. */
export function missingOptions(
  uses: readonly OptionUse[],
  numbersOf: (column: OptionColumn) => readonly OptionNumber[] | null,
): readonly OptionUse[] {
  return uses.filter(({ column, value, state }) => {
    const known = numbersOf(column);
    if (known === null) return false;
    return !known.some(
      (option) =>
        option.value === value && (state === null || option.state === null || option.state === state),
    );
  });
}
