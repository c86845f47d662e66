/** Tells whether a record is the one an earlier create of unknown outcome made. */
import type { BusinessCentralRecord, FieldValues } from '../common/records.ts';
import type { TableMapping } from '../mappings/model.ts';
import { asCode, canonicalText } from './values.ts';

/**
 * Whether the record holds the values that were sent. Values the service derives or completes itself (blank in what was
 * sent) do not count, nor does the key, which may have been generated anew; text compares without regard to case,
 * because code fields are stored in upper case.
 */
export function couldBeCreatedFrom(
  mapping: TableMapping,
  sent: FieldValues,
  record: Pick<BusinessCentralRecord, 'values'>,
): boolean {
  const { keyProperty } = mapping.businessCentral;
  const entries = Object.entries(sent).filter(
    ([key, value]) =>
      !key.includes('/') && key !== keyProperty && canonicalText(value) !== '' && key in record.values,
  );
  if (entries.length === 0) return false;
  return entries.every(([key, value]) => {
    const stored = canonicalText(record.values[key]);
    return stored === canonicalText(value) || asCode(stored) === asCode(canonicalText(value));
  });
}
