/** The base of the three-way merge: digests of the values both sides had when they last agreed. */
import type { Side } from '../common/directions.ts';
import type { FieldValue } from '../common/records.ts';
import type { FieldBase } from '../couplings/coupling.ts';
import { canonicalText } from './values.ts';

/** A short keyed digest of a text. */
export type DigestText = (text: string) => string;

/** The digest of one value of one field; the same value in another field has another digest. */
export function digestValue(digest: DigestText, fieldId: string, value: FieldValue | undefined): string {
  return digest(`${fieldId}\u0000${canonicalText(value)}`);
}

/** The base entry of a field from the values both sides have now. */
export function fieldBase(
  digest: DigestText,
  fieldId: string,
  businessCentral: FieldValue | undefined,
  dataverse: FieldValue | undefined,
): FieldBase {
  const ours = digestValue(digest, fieldId, businessCentral);
  if (canonicalText(businessCentral) === canonicalText(dataverse)) return { businessCentral: ours };
  return { businessCentral: ours, dataverse: digestValue(digest, fieldId, dataverse) };
}

/** Stands before the digest of a value that could not travel, because its option has no pair. */
const unsentMark = 'unsent:';

/**
 * The base entry of a value that stays on its own side until its option has a pair: once it has one the value counts as
 * changed and travels; until then the other side keeps what it has (E-81).
 */
export function unsentBase(
  digest: DigestText,
  fieldId: string,
  source: Side,
  values: { readonly [Name in Side]: FieldValue | undefined },
): FieldBase {
  const ours = digestValue(digest, fieldId, values.businessCentral);
  const theirs = digestValue(digest, fieldId, values.dataverse);
  return source === 'businessCentral'
    ? { businessCentral: unsentMark + ours, dataverse: theirs }
    : { businessCentral: ours, dataverse: unsentMark + theirs };
}

/** Whether a side still holds the value that could not travel; nobody edited it since. */
export function isUnsent(
  digest: DigestText,
  fieldId: string,
  base: FieldBase | undefined,
  side: Side,
  value: FieldValue | undefined,
): boolean {
  return base !== undefined && baseOfSide(base, side) === unsentMark + digestValue(digest, fieldId, value);
}

/** The digest remembered for one side. */
export function baseOfSide(base: FieldBase, side: Side): string {
  return side === 'businessCentral' ? base.businessCentral : (base.dataverse ?? base.businessCentral);
}

/** Whether a side's value differs from what it was when both sides last agreed; null when that is not known. */
export function changedSinceBase(
  digest: DigestText,
  fieldId: string,
  base: FieldBase | undefined,
  side: Side,
  value: FieldValue | undefined,
): boolean | null {
  return base === undefined ? null : digestValue(digest, fieldId, value) !== baseOfSide(base, side);
}
