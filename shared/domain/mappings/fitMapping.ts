/** Fits a mapping to what both systems have: fields that cannot work are left out, mappings that cannot are disabled. */
import type { SyncFailure } from '../common/failures.ts';
import type { MappingName } from '../common/ids.ts';
import { dataverseFilter, filterAttributes } from '../sync/recordFilter.ts';
import type { FieldMapping, TableMapping } from './model.ts';
import type { OptionUse } from './optionUses.ts';

/** Why something of a mapping cannot work in these environments. */
export const shortcomingCodes = [
  'companion-app-missing',
  'entity-set-missing',
  'table-missing',
  'column-missing',
  'option-missing',
] as const;
export type ShortcomingCode = (typeof shortcomingCodes)[number];

/** Something a mapping asks for that is not there. */
export interface Shortcoming {
  readonly mapping: MappingName;
  readonly code: ShortcomingCode;
  /** Ids of the field mappings, or columns, it concerns; empty when the mapping as a whole cannot work. */
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
  /** What companion sets show that may take what a standard page only shows; sets that nobody asked about are missing. */
  readonly companionProperties?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Columns of the mapping's Dataverse table: null when there is no such table, undefined when nobody asked. */
  readonly columns: ReadonlySet<string> | null | undefined;
  /** Characters the columns take, as far as metadata tells. */
  readonly maxLengths: ReadonlyMap<string, number>;
  /** Option numbers the mapping relies on and the organisation does not have. */
  readonly missingOptions: readonly OptionUse[];
}

/** A mapping as it can run; `enabled` of the mapping is false when it cannot. */
export interface FittedMapping {
  readonly mapping: TableMapping;
  readonly shortcomings: readonly Shortcoming[];
}

const installCompanion = 'Install the companion app in Business Central, in the version this release needs.';
const addOption =
  'Add the option with this number in Dataverse, or correct the mapping; metadata is read anew once a day and at a start.';
const installSolution = 'Install the solution the table or column belongs to, or correct the mapping.';

/** Leaves out what the surroundings lack. Pure; fitting twice changes nothing more. */
export function fitMapping(mapping: TableMapping, surroundings: Surroundings): FittedMapping {
  const fatal = reasonToDisable(mapping, surroundings);
  if (fatal) return { mapping: { ...mapping, enabled: false }, shortcomings: [fatal] };
  const onSets = withoutSets(withWritableEnds(mapping, surroundings), surroundings);
  const onColumns = withoutColumns(onSets.mapping, surroundings);
  const onOptions = withoutOptions(onColumns.mapping, surroundings);
  return {
    mapping: withinLengths(onOptions.mapping, surroundings),
    shortcomings: [...onSets.shortcomings, ...onColumns.shortcomings, ...onOptions.shortcomings],
  };
}

/** Standard sets that not every version of the service has; the mapping of one is an extra. */
const optionalSets: ReadonlySet<string> = new Set(['vendors']);

/** Why a mapping of such a set does not run; null when the failure has another cause, or the set must be there. */
export function missingStandardSet(
  { name, businessCentral }: TableMapping,
  { code, message: told }: Pick<SyncFailure, 'code' | 'message'>,
): Shortcoming | null {
  const { route, entitySet } = businessCentral;
  if (route !== 'v2.0' || !optionalSets.has(entitySet)) return null;
  if (code !== 'entity-set-not-found' || !told.includes(`GET ${entitySet}`)) return null;
  const message = `${name} does not run: this Business Central does not offer ${entitySet}.`;
  const suggestion = 'Update Business Central, or put the job on hold.';
  const reason = 'entity-set-missing';
  return { mapping: name, code: reason, fields: [], message, suggestion };
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
  if (column === undefined) return optionOfFilter(mapping, surroundings);
  const message = `${name} does not run: its filter reads the column "${column}", which table "${dataverse.table}" does not have.`;
  return { ...whole, code: 'column-missing', message, suggestion: installSolution };
}

/** A filter that compares with a number nobody can have would make every row look as if it had left the filter. */
function optionOfFilter({ name }: TableMapping, { missingOptions }: Surroundings): Shortcoming | null {
  const use = missingOptions.find(({ place }) => place === 'filter');
  if (use === undefined) return null;
  const message = `${name} does not run: its filter compares the column "${use.field}" with ${optionText(use)}.`;
  return { mapping: name, fields: [], code: 'option-missing', message, suggestion: addOption };
}

function optionText({ column: { table, attribute }, value, state }: OptionUse): string {
  const ofState = state === null ? '' : ` for state ${state}`;
  return `${value}, which column "${attribute}" of table "${table}" in Dataverse does not offer${ofState}`;
}

/** Constants that no row could take are left out; of templates and rules it is told which writes will be refused. */
function withoutOptions(mapping: TableMapping, { missingOptions }: Surroundings): FittedMapping {
  const ids = new Set(missingOptions.filter(({ place }) => place === 'field').map(({ field }) => field));
  const { lost, kept } = without(mapping, ({ id }) => ids.has(id));
  const shortcomings = missingOptions
    .filter(({ place, field }) => place !== 'field' || lost.includes(field))
    .map((use): Shortcoming => {
      const what =
        use.place === 'field'
          ? `runs without the field ${use.field}: it writes`
          : `cannot write the column "${use.field}": its ${use.place} says`;
      const message = `${mapping.name} ${what} ${optionText(use)}.`;
      const fields = [use.field];
      return { mapping: mapping.name, fields, code: 'option-missing', message, suggestion: addOption };
    });
  return { mapping: lost.length === 0 ? mapping : { ...mapping, fields: kept }, shortcomings };
}

/** Fields that a companion set takes are read and written there; where it does not, the standard page goes on showing them. */
function withWritableEnds(mapping: TableMapping, { companionProperties }: Surroundings): TableMapping {
  const fields = mapping.fields.map((field): FieldMapping => {
    const ours = field.businessCentral;
    const set = ours?.writableIn;
    if (!ours || set === undefined || !companionProperties?.get(set)?.has(ours.property)) return field;
    const { readOnly: _shown, writableIn: _page, ...end } = ours;
    return { ...field, businessCentral: { ...end, entitySet: set } };
  });
  return { ...mapping, fields };
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

/** Fields without a column are told of; what only a rule reads is left out, and the rule does without it. */
function withoutColumns(mapping: TableMapping, { columns }: Surroundings): FittedMapping {
  if (!columns) return { mapping, shortcomings: [] };
  const extraAttributes = mapping.dataverse.extraAttributes.filter((name) => columns.has(name));
  const dataverse = { ...mapping.dataverse, extraAttributes };
  const { lost, kept } = without(mapping, ({ dataverse: field }) => {
    return field !== null && field.type !== 'entityName' && !columns.has(field.attribute);
  });
  if (lost.length === 0) return { mapping: { ...mapping, dataverse }, shortcomings: [] };
  const { table } = mapping.dataverse;
  const message = `${mapping.name} runs without the fields ${lost.join(', ')}: table "${table}" of Dataverse has no such columns.`;
  const shortcoming: Shortcoming = {
    mapping: mapping.name,
    code: 'column-missing',
    fields: lost,
    message,
    suggestion: installSolution,
  };
  return { mapping: { ...mapping, dataverse, fields: kept }, shortcomings: [shortcoming] };
}

/** Text is cut to what the organisation's column takes where that is less than usual (E-83). */
function withinLengths(mapping: TableMapping, { maxLengths }: Surroundings): TableMapping {
  const narrowed = mapping.fields.map((field): FieldMapping => {
    const taken = maxLengths.get(field.dataverse?.attribute ?? '');
    if (field.dataverse === null || taken === undefined) return field;
    const { maxLength } = field.dataverse;
    if (maxLength !== undefined && maxLength <= taken) return field;
    return { ...field, dataverse: { ...field.dataverse, maxLength: taken } };
  });
  const isSame = narrowed.every((field, index) => field === mapping.fields[index]);
  return isSame ? mapping : { ...mapping, fields: narrowed };
}

/** The fields with those disabled that cannot work; fields that were disabled anyway are not worth a word. */
function without(mapping: TableMapping, isLost: (field: FieldMapping) => boolean) {
  const lost = mapping.fields.filter((field) => field.enabled && isLost(field)).map(({ id }) => id);
  const kept = mapping.fields.map((field) =>
    lost.includes(field.id) ? { ...field, enabled: false } : field,
  );
  return { lost, kept };
}
