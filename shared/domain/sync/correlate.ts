/** Tells whether a record is the one an earlier create of unknown outcome made. */
import type { BusinessCentralRecord, FieldValues } from '../common/records.ts';
import { asCode, canonicalText } from './values.ts';

/**
 * Whether the record holds the values that were sent. Values the service derives or completes itself (blank in what
 * was sent) do not count; text compares without regard to case, because code fields are stored in upper case.
 */
export function couldBeCreatedFrom(sent: FieldValues, record: BusinessCentralRecord): boolean {
  const entries = Object.entries(sent).filter(
    ([key, value]) => !key.includes('/') && canonicalText(value) !== '',
  );
  if (entries.length === 0) return false;
  return entries.every(([key, value]) => {
    const stored = canonicalText(record.values[key]);
    return stored === canonicalText(value) || asCode(stored) === asCode(canonicalText(value));
  });
}
