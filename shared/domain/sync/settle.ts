/** The coupling as it stands after an action: renewed bases, results, and state (E-4, E-5, E-56). */
import { type PassDirection, type Side, sides, sourceSide } from '../common/directions.ts';
import type { SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import {
  type BusinessCentralRecord,
  type DataverseRow,
  type DataverseWriteValue,
  type FieldValue,
  type FieldValues,
  isLookupReference,
} from '../common/records.ts';
import type { BaseDigests, Coupling, LastError, PassResult } from '../couplings/coupling.ts';
import { businessCentralKey, type TableMapping } from '../mappings/model.ts';
import { ruleInputPrefix } from './changed.ts';
import { type DigestText, digestValue, fieldBase, unsentBase } from './digests.ts';
import { businessCentralName, dataverseName } from './names.ts';
import type { RunManner } from './planTypes.ts';
import { targetKey } from './transfer.ts';
import { isBlank } from './values.ts';

export interface SettleInput {
  readonly mapping: TableMapping;
  readonly pass: PassDirection;
  /** The coupling before, or null when this action makes it. */
  readonly coupling: Coupling | null;
  readonly manner: RunManner;
  readonly businessCentral: BusinessCentralRecord;
  readonly dataverse: DataverseRow;
  readonly settledFields: readonly string[];
  /** Fields of a pair coupled just now that the pass of the other direction has to write. */
  readonly waitingFields: readonly string[];
  /** Fields whose option has no pair: their values stay on the source's side. */
  readonly unsentFields: readonly string[];
  /** Fields of a new record that stayed blank although a value was sent: the agreed value is "blank". */
  readonly unappliedFields: readonly string[];
  /** By the side they were taken from. */
  readonly ruleInputs: Partial<Readonly<Record<Side, Readonly<Record<string, FieldValue>>>>>;
  readonly digest: DigestText;
  readonly syncJobId: SyncJobId;
  readonly at: Instant;
}

/** The coupling after a successful pass: settled fields get the values both sides have now as their base. */
export function settledCoupling(input: SettleInput): Coupling {
  const { mapping, pass, coupling, businessCentral, dataverse, syncJobId, at } = input;
  const success: PassResult = { result: 'success', syncJobId, fingerprint: null };
  const other = pass === 'toDataverse' ? coupling?.toBusinessCentral : coupling?.toDataverse;
  const isResolved = resolvesConflict(input.manner, coupling);
  const otherFailed = other?.result === 'failure' && !isResolved;
  const kept = isResolved ? null : (other ?? null);
  const settledState = input.waitingFields.length > 0 ? 'pending' : 'synchronized';
  return {
    mapping: mapping.name,
    businessCentralId: businessCentral.id,
    dataverseId: dataverse.id,
    businessCentralName: businessCentralName(mapping, businessCentral),
    dataverseName: dataverseName(mapping, dataverse),
    state: otherFailed ? 'failed' : settledState,
    base: renewedBase(input),
    lastSyncedAt: at,
    toDataverse: pass === 'toDataverse' ? success : kept,
    toBusinessCentral: pass === 'toBusinessCentral' ? success : kept,
    lastError: otherFailed ? (coupling?.lastError ?? null) : null,
  };
}

/** A user who lets one side overwrite the other has decided a conflict for both directions (S004, A-53). */
export function resolvesConflict(manner: RunManner, coupling: Coupling | null): boolean {
  return manner !== 'judge' && coupling?.lastError?.code === 'update-conflict';
}

function renewedBase(input: SettleInput): BaseDigests {
  const { mapping, coupling, businessCentral, dataverse, digest } = input;
  const base: Record<string, BaseDigests[string]> = { ...coupling?.base };
  const settled = new Set(input.settledFields);
  const unapplied = new Set(input.unappliedFields);
  for (const field of mapping.fields.filter((candidate) => settled.has(candidate.id))) {
    if (field.constant !== null) continue;
    const ours = field.businessCentral
      ? businessCentral.values[businessCentralKey(mapping, field.businessCentral)]
      : null;
    const theirs = field.dataverse ? dataverse.values[field.dataverse.attribute] : null;
    const [ourBase, theirBase] = unapplied.has(field.id) ? [null, null] : [ours, theirs];
    base[field.id] = fieldBase(digest, field.id, ourBase, theirBase);
  }
  return { ...base, ...unsentBases(input), ...waitingBase(input), ...ruleInputBase(input, base) };
}

function unsentBases({
  mapping,
  pass,
  unsentFields,
  businessCentral,
  dataverse,
  digest,
}: SettleInput): BaseDigests {
  const unsent = mapping.fields.filter(({ id }) => unsentFields.includes(id));
  const entries = unsent.map((field) => {
    const key = field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
    const values = {
      businessCentral: businessCentral.values[key],
      dataverse: dataverse.values[field.dataverse?.attribute ?? ''],
    };
    return [field.id, unsentBase(digest, field.id, sourceSide(pass), values)] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * A pair that was matched had no base: for a field that the other pass has to write, the base says that the side it
 * will be written from has changed and the other has not.
 */
function waitingBase({
  mapping,
  pass,
  waitingFields,
  businessCentral,
  dataverse,
  digest,
}: SettleInput): BaseDigests {
  const waiting = mapping.fields.filter(({ id }) => waitingFields.includes(id));
  const entries = waiting.map((field) => {
    const isOurs = pass === 'toDataverse';
    const key = isOurs && field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
    const kept = isOurs ? businessCentral.values[key] : dataverse.values[field.dataverse?.attribute ?? ''];
    const unchanged = digestValue(digest, field.id, kept);
    return [
      field.id,
      isOurs ? { businessCentral: unchanged, dataverse: '' } : { businessCentral: '', dataverse: unchanged },
    ];
  });
  return Object.fromEntries(entries);
}

/** Rule inputs are remembered for the sides they are given for; those of the other side may still be pending. */
function ruleInputBase(input: SettleInput, base: BaseDigests): BaseDigests {
  const added: Record<string, BaseDigests[string]> = {};
  for (const side of sides) {
    for (const [name, value] of Object.entries(input.ruleInputs[side] ?? {})) {
      const id = ruleInputPrefix + name;
      const before = added[id] ?? base[id];
      const made = digestValue(input.digest, id, value);
      added[id] =
        side === 'businessCentral'
          ? { businessCentral: made, dataverse: before?.dataverse ?? '' }
          : { businessCentral: before?.businessCentral ?? '', dataverse: made };
    }
  }
  return added;
}

/** The coupling after a failed pass; the other direction's result stays (E-55, E-56). */
export function failedCoupling(input: {
  readonly coupling: Coupling;
  readonly pass: PassDirection;
  readonly skipped: boolean;
  readonly fingerprint: string;
  readonly syncJobId: SyncJobId;
  readonly lastError: LastError;
}): Coupling {
  const failure: PassResult = {
    result: 'failure',
    syncJobId: input.syncJobId,
    fingerprint: input.fingerprint,
  };
  return {
    ...input.coupling,
    ...(input.pass === 'toDataverse' ? { toDataverse: failure } : { toBusinessCentral: failure }),
    state: input.skipped ? 'skipped' : 'failed',
    lastError: input.lastError,
  };
}

/**
 * Fields of a new record that the target stored blank although a value was sent: a create can succeed while its
 * companion values could not be written. They must be sent again, or the value would be lost (P1).
 */
export function unappliedFields(
  mapping: TableMapping,
  pass: PassDirection,
  sent: Readonly<Record<string, DataverseWriteValue>>,
  stored: FieldValues,
): readonly string[] {
  const wasLost = (key: string) =>
    key in sent &&
    key in stored &&
    isBlank(stored[key]) &&
    (isLookupReference(sent[key] ?? null) || !isBlank(sent[key] as FieldValue));
  return mapping.fields
    .filter((field) => field.enabled && wasLost(targetKey(mapping, field, pass)))
    .map((field) => field.id);
}
