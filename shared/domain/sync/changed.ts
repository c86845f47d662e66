/** Whether a source record changed since both sides last agreed, judged by value and not by time. */
import { type PassDirection, sourceSide } from '../common/directions.ts';
import type { FieldValue, FieldValues } from '../common/records.ts';
import type { Coupling } from '../couplings/coupling.ts';
import { fieldsOfPass, type TableMapping } from '../mappings/model.ts';
import { changedSinceBase, type DigestText, isUnsent } from './digests.ts';
import { sourceValue } from './references.ts';

/** Base entries of entity rule inputs stand beside those of fields, under this prefix. */
export const ruleInputPrefix = 'rule.';

/** The last result in the direction of a pass. */
export function lastResult(coupling: Coupling, pass: PassDirection): Coupling['toDataverse'] {
  return pass === 'toDataverse' ? coupling.toDataverse : coupling.toBusinessCentral;
}

/**
 * True when a mapped value or a rule input of the source differs from the base, when there is no base yet, or
 * when the last attempt in this direction failed (E-30, E-31, by value instead of by time). A value that waits for the
 * pair of its option counts as changed where `triesUnsent` says so (E-81).
 */
export function sourceChanged(input: {
  readonly mapping: TableMapping;
  readonly pass: PassDirection;
  readonly values: FieldValues;
  readonly ruleInputs: Readonly<Record<string, FieldValue>>;
  readonly coupling: Coupling;
  readonly digest: DigestText;
  readonly triesUnsent?: boolean;
}): boolean {
  const { mapping, pass, coupling, digest } = input;
  const { base } = coupling;
  const result = lastResult(coupling, pass)?.result;
  if (base === null || result === 'failure' || (coupling.state === 'pending' && result === undefined))
    return true;
  const side = sourceSide(pass);
  const differs = (id: string, value: FieldValue) => {
    if (!input.triesUnsent && isUnsent(digest, id, base[id], side, value)) return false;
    return changedSinceBase(digest, id, base[id], side, value) !== false;
  };
  const fields = fieldsOfPass(mapping, pass).filter((field) => field.constant === null);
  if (fields.some((field) => differs(field.id, sourceValue(mapping, field, pass, input.values)))) return true;
  return Object.entries(input.ruleInputs).some(([name, value]) => differs(ruleInputPrefix + name, value));
}
