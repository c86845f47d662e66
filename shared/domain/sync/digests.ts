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
