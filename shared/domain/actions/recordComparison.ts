/** Two records side by side, field by field, and the versions a user can choose from. */
import type { Side } from '../common/directions.ts';
import { type MappingDirection, type PassDirection, passesOf } from '../common/directions.ts';
import type { FieldValue } from '../common/records.ts';
import { businessCentralKey, type FieldMapping, type TableMapping } from '../mappings/model.ts';
import { lastResult } from '../sync/changed.ts';
import { changedSinceBase, type DigestText, isUnsent } from '../sync/digests.ts';
import type { PlannedAction, RecordPair } from '../sync/planTypes.ts';
import type { ChosenDirection } from './actionRun.ts';

/** One field mapping with the values of both sides; null where a side has no such field, or no record. */
export interface ComparedField {
  readonly id: string;
  readonly businessCentralField: string | null;
  readonly attribute: string | null;
  readonly direction: MappingDirection;
  readonly businessCentralValue: FieldValue;
  readonly dataverseValue: FieldValue;
  /** Whether it is known what both sides agreed on last. */
  readonly baseKnown: boolean;
  /** Changed since then; null when that is not known, or the record is gone. */
  readonly businessCentralChanged: boolean | null;
  readonly dataverseChanged: boolean | null;
}

/** Compares the enabled fields, in entry order. Pure. */
export function compareFields(
  mapping: TableMapping,
  pair: RecordPair,
  digest: DigestText,
): readonly ComparedField[] {
  return mapping.fields
    .filter((field) => field.enabled)
    .map((field) => comparedField(mapping, pair, digest, field));
}

function comparedField(
  mapping: TableMapping,
  { businessCentral, dataverse, coupling }: RecordPair,
  digest: DigestText,
  field: FieldMapping,
): ComparedField {
  const key = field.businessCentral && businessCentralKey(mapping, field.businessCentral);
  const attribute = field.dataverse?.attribute ?? null;
  const ours = (key === null ? null : businessCentral?.values[key]) ?? null;
  const theirs = (attribute === null ? null : dataverse?.values[attribute]) ?? null;
  const base = field.constant === null ? coupling?.base?.[field.id] : undefined;
  // A value that waits for the pair of its option has not changed since it was met (E-81).
  const hasChanged = (side: Side, value: FieldValue): boolean | null =>
    isUnsent(digest, field.id, base, side, value)
      ? false
      : changedSinceBase(digest, field.id, base, side, value);
  return {
    id: field.id,
    businessCentralField: key,
    attribute,
    direction: field.direction,
    businessCentralValue: ours,
    dataverseValue: theirs,
    baseKnown: base !== undefined,
    businessCentralChanged: businessCentral && hasChanged('businessCentral', ours),
    dataverseChanged: dataverse && hasChanged('dataverse', theirs),
  };
}

/** The versions a user may choose from, and what each would overwrite. */
export interface VersionChoice {
  readonly directions: readonly ChosenDirection[];
  readonly recommended: ChosenDirection;
  /** The recommended direction overwrites edits of the other side that nobody has taken over yet. */
  readonly overwritesChanges: boolean;
}

/** Which side changed; a direction that failed last counts as changed unless the record is skipped. */
interface ChangedSides {
  readonly ours: boolean;
  readonly theirs: boolean;
  readonly conflict: boolean;
}

/** The choice for a pair whose records both exist; null otherwise, since nothing can be chosen then. Pure. */
export function versionChoice(
  { direction }: TableMapping,
  pair: RecordPair,
  fields: readonly ComparedField[],
  planned: readonly PlannedAction[],
): VersionChoice | null {
  if (!pair.businessCentral || !pair.dataverse) return null;
  const changed: ChangedSides = {
    ours: fields.some((field) => field.businessCentralChanged === true) || failedLast(pair, 'toDataverse'),
    theirs: fields.some((field) => field.dataverseChanged === true) || failedLast(pair, 'toBusinessCentral'),
    conflict:
      planned.some(({ kind }) => kind === 'conflict') || pair.coupling?.lastError?.code === 'update-conflict',
  };
  return direction === 'both' ? eitherWay(changed) : oneWay(direction, changed);
}

function eitherWay({ ours, theirs, conflict }: ChangedSides): VersionChoice {
  if (conflict) {
    return {
      directions: ['toDataverse', 'toBusinessCentral'],
      recommended: 'toDataverse',
      overwritesChanges: true,
    };
  }
  const recommended = ours === theirs ? 'merge' : ours ? 'toDataverse' : 'toBusinessCentral';
  return { directions: ['toDataverse', 'toBusinessCentral', 'merge'], recommended, overwritesChanges: false };
}

function oneWay(direction: PassDirection, { ours, theirs }: ChangedSides): VersionChoice {
  const overwritesChanges = direction === 'toDataverse' ? theirs : ours;
  return { directions: passesOf(direction), recommended: direction, overwritesChanges };
}

function failedLast({ coupling }: RecordPair, pass: PassDirection): boolean {
  return (
    coupling !== null && coupling.state !== 'skipped' && lastResult(coupling, pass)?.result === 'failure'
  );
}
