/** Tells whether a record is the one an earlier create of unknown outcome made. */
import {
  type BusinessCentralRecord,
  type DataverseWriteValue,
  type FieldValue,
  type FieldValues,
  isLookupReference,
} from '../common/records.ts';
import type { BaseDigests, SentDigests } from '../couplings/coupling.ts';
import { businessCentralKey, type TableMapping } from '../mappings/model.ts';
import { type DigestText, digestValue, fieldBase } from './digests.ts';
import { asCode, canonicalText, isBlank } from './values.ts';

/**
 * Digests of the values a create sends through the main set. Blanks do not count, because the service completes them;
 * nor does the key, which may have been generated. Codes are stored in upper case, so case does not count either.
 */
export function sentDigests(mapping: TableMapping, digest: DigestText, sent: FieldValues): SentDigests {
  const { keyProperty } = mapping.businessCentral;
  const counted = Object.entries(sent).filter(
    ([key, value]) => !key.includes('/') && key !== keyProperty && !isBlank(value),
  );
  return Object.fromEntries(counted.map(([key, value]) => [key, digestSent(digest, key, value)]));
}

function digestSent(digest: DigestText, property: string, value: FieldValue | undefined): string {
  return digestValue(digest, `sent.${property}`, asCode(canonicalText(value)));
}

/** `same`: it holds everything that was sent. `similar`: it has the name that was sent, but another value differs. */
export type Likeness = 'same' | 'similar' | 'other';

/** How like a record is to what a create sent; properties that were not read do not count. */
export function likeness(
  mapping: TableMapping,
  digest: DigestText,
  sent: SentDigests,
  record: Pick<BusinessCentralRecord, 'values'>,
): Likeness {
  const read = Object.keys(sent).filter((key) => key in record.values);
  if (read.length === 0) return 'other';
  const holds = (key: string) => digestSent(digest, key, record.values[key]) === sent[key];
  if (read.every(holds)) return 'same';
  const { nameProperty } = mapping.businessCentral;
  return read.includes(nameProperty) && holds(nameProperty) ? 'similar' : 'other';
}

/**
 * The base of a record made by a create: what was sent is what Business Central had, and the row is what Sales had.
 * Whatever differs now was changed since, by a user or because the create did not carry it (P1).
 */
export function baseOfCreate(
  mapping: TableMapping,
  digest: DigestText,
  sent: FieldValues,
  row: FieldValues,
): BaseDigests {
  const entries = mapping.fields
    .filter((field) => field.enabled && field.constant === null)
    .map((field) => {
      const key = field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
      const carried = key.includes('/') ? undefined : sent[key];
      const theirs = field.dataverse ? row[field.dataverse.attribute] : null;
      // A value that did not travel with the create was blank on both sides as far as the base knows.
      return [field.id, fieldBase(digest, field.id, carried, carried === undefined ? null : theirs)] as const;
    });
  return Object.fromEntries(entries);
}

/** The base of a row this program made in Dataverse: Business Central's values, and what was sent for them. */
export function baseOfOwnRow(
  mapping: TableMapping,
  digest: DigestText,
  record: FieldValues,
  sent: Readonly<Record<string, DataverseWriteValue>>,
): BaseDigests {
  const entries = mapping.fields
    .filter((field) => field.enabled && field.constant === null)
    .map((field) => {
      const ours = field.businessCentral ? record[businessCentralKey(mapping, field.businessCentral)] : null;
      const value = sent[field.dataverse?.attribute ?? ''] ?? null;
      return [
        field.id,
        fieldBase(digest, field.id, ours, isLookupReference(value) ? value.id : value),
      ] as const;
    });
  return Object.fromEntries(entries);
}
