/** Values that both ends of a field mapping can hold, with the couplings their references need. */
import fc from 'fast-check';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { type FieldValue, isLookupReference } from '../../shared/domain/common/records.ts';
import {
  businessCentralKey,
  type FieldMapping,
  type TableMapping,
} from '../../shared/domain/mappings/model.ts';
import type { LookupAnswer, Reference } from '../../shared/domain/sync/lookups.ts';
import { transferField } from '../../shared/domain/sync/transfer.ts';
import { canonicalText, roundTo } from '../../shared/domain/sync/values.ts';
import { guidOf, lookups } from '../builders/records.ts';

/** A pair of values that stand for each other, as one side and the other hold them. */
export interface LegalPair {
  readonly businessCentral: FieldValue;
  readonly dataverse: FieldValue;
}

const longestText = 20;
const defaultDecimals = 2;
const coupledRecord = guidOf('b', 1);
const coupledRow = guidOf('d', 1);
const localRow = guidOf('d', 2);
const optionNumber = 7;
const code = 'KEY1';

/** Pairs a field can hold on both sides; null for values that only a rule or a transformation can translate. */
export function legalPairs(field: FieldMapping): fc.Arbitrary<LegalPair> | null {
  const { businessCentral, dataverse } = field;
  if (businessCentral === null || dataverse === null || field.transformation !== null) return null;
  if (field.lookup !== undefined) return fc.constantFrom(...referencePairs(field));
  const same = (values: fc.Arbitrary<FieldValue>) =>
    values.map((value) => ({ businessCentral: value, dataverse: value }));
  switch (businessCentral.type) {
    case 'text':
    case 'code':
      return same(textsOf(field));
    case 'integer':
      return same(fc.integer());
    case 'decimal':
      return same(
        dataverse.type === 'integer' ? fc.integer() : decimalsOf(dataverse.precision ?? defaultDecimals),
      );
    case 'boolean':
      return same(fc.boolean());
    case 'date':
    case 'dateTime':
      return datesOf(field);
    case 'guid':
      return same(fc.uuid());
    case 'enum':
      return null;
  }
}

function textsOf({ businessCentral, dataverse }: FieldMapping): fc.Arbitrary<string> {
  const longest = Math.min(businessCentral?.maxLength ?? longestText, dataverse?.maxLength ?? longestText);
  const isCode = businessCentral?.type === 'code';
  return fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: longest })
    .map((text) => (isCode ? text.trim().toUpperCase() : text))
    .filter((text) => text.length > 0 && text.length <= longest && canonicalText(text) !== '');
}

function decimalsOf(precision: number): fc.Arbitrary<number> {
  return fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => roundTo(value, precision) + 0);
}

/** Days; the side that holds times holds midnight (E-83). */
function datesOf({ businessCentral, dataverse }: FieldMapping): fc.Arbitrary<LegalPair> {
  const days = fc.date({ min: new Date('1753-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  const asHeld = (type: string | undefined, date: Date) => {
    const day = date.toISOString().slice(0, 10);
    return type === 'dateTime' ? `${day}T00:00:00.000Z` : day;
  };
  return days.map((date) => ({
    businessCentral: asHeld(businessCentral?.type, date),
    dataverse: asHeld(dataverse?.type, date),
  }));
}

/** A coupled reference; for currencies also the local one, which is blank in Business Central (E-73). */
function referencePairs(field: FieldMapping): readonly LegalPair[] {
  const ours = field.businessCentral?.type === 'guid' ? coupledRecord : code;
  const theirs = field.dataverse?.type === 'picklist' ? optionNumber : coupledRow;
  const pair = { businessCentral: ours, dataverse: theirs };
  return field.lookup === 'CURRENCY' ? [pair, { businessCentral: '', dataverse: localRow }] : [pair];
}

function answersFor({ lookup = mappingName(''), dataverse }: FieldMapping) {
  const theirs = dataverse?.type === 'picklist' ? String(optionNumber) : coupledRow;
  const there: LookupAnswer = { status: 'coupled', id: theirs, key: code };
  const back: LookupAnswer = { status: 'coupled', id: coupledRecord, key: code };
  const reference = (side: Reference['side'], by: Reference['by'], value: string): Reference => {
    return { mapping: lookup, side, by, value };
  };
  return lookups([
    [reference('businessCentral', 'key', code), there],
    [reference('businessCentral', 'id', coupledRecord), there],
    [reference('businessCentral', 'key', ''), { status: 'coupled', id: localRow, key: '' }],
    [reference('dataverse', 'id', theirs), back],
    [reference('dataverse', 'id', localRow), { status: 'blank' }],
  ]);
}

/** What the other side would get for the value of one side; undefined when it would get nothing. */
export function sent(
  mapping: TableMapping,
  field: FieldMapping,
  from: keyof LegalPair,
  value: FieldValue,
): FieldValue | undefined {
  const isOurs = from === 'businessCentral';
  const ours = field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
  const key = isOurs ? ours : (field.dataverse?.attribute ?? '');
  const pass = isOurs ? 'toDataverse' : 'toBusinessCentral';
  const transfer = transferField(mapping, field, pass, { [key]: value }, answersFor(field));
  if (transfer.kind !== 'write') return undefined;
  return isLookupReference(transfer.value) ? transfer.value.id : transfer.value;
}
