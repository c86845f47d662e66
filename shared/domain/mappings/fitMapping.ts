/** Fits a mapping to what both systems have: fields that cannot work are left out, mappings that cannot are disabled. */
import type { MappingName } from '../common/ids.ts';
import { dataverseFilter, filterAttributes } from '../sync/recordFilter.ts';
import type { FieldMapping, TableMapping } from './model.ts';

/** Why something of a mapping cannot work in these environments. */
export const shortcomingCodes = [
  'companion-app-missing',
  'entity-set-missing',
  'table-missing',
  'column-missing',
] as const;
export type ShortcomingCode = (typeof shortcomingCodes)[number];

/** Something a mapping asks for that is not there. */
export interface Shortcoming {
  readonly mapping: MappingName;
  readonly code: ShortcomingCode;
  /** Ids of the field mappings left out; empty when the mapping as a whole cannot work. */
  readonly fields: readonly string[];
  /** Names the mapping and the fields. */
  readonly message: string;
  /** What the administrator should do. */
  readonly suggestion: string;
}

/** What there is, as far as a mapping asks for it. */
export interface Surroundings {
  readonly companionApp: boolean;
  /** Sets of the companion app that an installed but older version lacks. */
  readonly missingSets: ReadonlySet<string>;
  /** Columns of the mapping's Dataverse table: null when there is no such table, undefined when nobody asked. */
  readonly columns: ReadonlySet<string> | null | undefined;
}

/** A mapping as it can run; `enabled` of the mapping is false when it cannot. */
export interface FittedMapping {
  readonly mapping: TableMapping;
  readonly shortcomings: readonly Shortcoming[];
}

const installCompanion = 'Install the companion app in Business Central, in the version this release needs.';
const installSolution = 'Install the solution the table or column belongs to, or correct the mapping.';

/** Leaves out what the surroundings lack. Pure; fitting twice changes nothing more. */
export function fitMapping(mapping: TableMapping, surroundings: Surroundings): FittedMapping {
  const fatal = reasonToDisable(mapping, surroundings);
  if (fatal) return { mapping: { ...mapping, enabled: false }, shortcomings: [fatal] };
  const onSets = withoutSets(mapping, surroundings);
  const onColumns = withoutColumns(onSets.mapping, surroundings);
  return {
    mapping: onColumns.mapping,
    shortcomings: [...onSets.shortcomings, ...onColumns.shortcomings],
  };
}

function isMissing(set: string, { companionApp, missingSets }: Surroundings): boolean {
  return !companionApp || missingSets.has(set);
}

function reasonToDisable(mapping: TableMapping, surroundings: Surroundings): Shortcoming | null {
  const { name, businessCentral, dataverse } = mapping;
  const { columns } = surroundings;
  const whole = { mapping: name, fields: [] };
  if (businessCentral.route === 'companion' && isMissing(businessCentral.entitySet, surroundings)) {
    const code = surroundings.companionApp ? 'entity-set-missing' : 'companion-app-missing';
    const what = surroundings.companionApp
      ? `the page ${businessCentral.entitySet} of the companion app is missing`
      : 'the companion app is not installed in Business Central';
    return { ...whole, code, message: `${name} does not run: ${what}.`, suggestion: installCompanion };
  }
  if (columns === null) {
    const message = `${name} does not run: Dataverse has no table "${dataverse.table}".`;
    return { ...whole, code: 'table-missing', message, suggestion: installSolution };
  }
  const [column] = columns
    ? filterAttributes(dataverseFilter(dataverse.filter)).filter((each) => !columns.has(each))
    : [];
  if (column === undefined) return null;
  const message = `${name} does not run: its filter reads the column "${column}", which table "${dataverse.table}" does not have.`;
  return { ...whole, code: 'column-missing', message, suggestion: installSolution };
}

function withoutSets(mapping: TableMapping, surroundings: Surroundings): FittedMapping {
  const { businessCentral } = mapping;
  const missing = businessCentral.companions.filter((set) => isMissing(set, surroundings));
  if (missing.length === 0) return { mapping, shortcomings: [] };
  const isLost = ({ entitySet }: { readonly entitySet?: string }) =>
    entitySet !== undefined && missing.includes(entitySet);
  const fields = without(mapping, ({ businessCentral: field }) => field !== null && isLost(field));
  const code = surroundings.companionApp ? 'entity-set-missing' : 'companion-app-missing';
  const why = surroundings.companionApp
    ? `the companion app has no page ${missing.join(', ')}`
    : 'the companion app is not installed in Business Central';
  const message = `${mapping.name} runs without the fields ${fields.lost.join(', ')}: ${why}.`;
  return {
    mapping: {
      ...mapping,
      fields: fields.kept,
      businessCentral: {
        ...businessCentral,
        companions: businessCentral.companions.filter((set) => !missing.includes(set)),
        extraFields: businessCentral.extraFields.filter((field) => !isLost(field)),
      },
    },
    shortcomings: [
      { mapping: mapping.name, code, fields: fields.lost, message, suggestion: installCompanion },
    ],
  };
}

function withoutColumns(mapping: TableMapping, { columns }: Surroundings): FittedMapping {
  if (!columns) return { mapping, shortcomings: [] };
  const { lost, kept } = without(mapping, ({ dataverse }) => {
    return dataverse !== null && dataverse.type !== 'entityName' && !columns.has(dataverse.attribute);
  });
  if (lost.length === 0) return { mapping, shortcomings: [] };
  const { table } = mapping.dataverse;
  const message = `${mapping.name} runs without the fields ${lost.join(', ')}: table "${table}" of Dataverse has no such columns.`;
  const shortcoming: Shortcoming = {
    mapping: mapping.name,
    code: 'column-missing',
    fields: lost,
    message,
    suggestion: installSolution,
  };
  return { mapping: { ...mapping, fields: kept }, shortcomings: [shortcoming] };
}

/** The fields with those disabled that cannot work; fields that were disabled anyway are not worth a word. */
function without(mapping: TableMapping, isLost: (field: FieldMapping) => boolean) {
  const lost = mapping.fields.filter((field) => field.enabled && isLost(field)).map(({ id }) => id);
  const kept = mapping.fields.map((field) =>
    lost.includes(field.id) ? { ...field, enabled: false } : field,
  );
  return { lost, kept };
}
