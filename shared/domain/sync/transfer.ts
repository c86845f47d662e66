/** The transfer of one field: from the source's value to what would be written on the target (E-64 to E-83). */
import type { PassDirection } from '../common/directions.ts';
import { dataverseId } from '../common/ids.ts';
import { isIsoDate } from '../common/instants.ts';
import type { DataverseWriteValue, FieldValue, FieldValues } from '../common/records.ts';
import { isLookupReference } from '../common/records.ts';
import { businessCentralKey, type FieldMapping, type TableMapping } from '../mappings/model.ts';
import type { LookupAnswer, Lookups } from './lookups.ts';
import { type ProblemCode, problem, type RecordProblem } from './problems.ts';
import { currencyMappingName, referenceOf, sourceValue } from './references.ts';
import { applyTransformation } from './transformations.ts';
import {
  asCode,
  blankOf,
  canonicalText,
  isBlank,
  toBusinessCentralValue,
  toDataverseValue,
} from './values.ts';

/** `keep` leaves the target as it is; so does `unpaired`, until the option gets a pair (E-81, seed rule). */
export type Transfer =
  | { readonly kind: 'write'; readonly value: DataverseWriteValue }
  | { readonly kind: 'keep' }
  | { readonly kind: 'unpaired' }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

const keep: Transfer = { kind: 'keep' };

/** What the field would write in this pass. Pure. */
export function transferField(
  mapping: TableMapping,
  field: FieldMapping,
  pass: PassDirection,
  source: FieldValues,
  lookups: Lookups,
): Transfer {
  if (!isWritable(field, pass) || field.resolvedByRule === true) return keep;
  if (field.constant !== null) return { kind: 'write', value: field.constant };
  const value = sourceValue(mapping, field, pass, source);
  if (field.lookup !== undefined) return transferReference(field, pass, value, lookups);
  const transformed = transform(field, pass, value);
  if (transformed === undefined) return badTransformation(field, value);
  const converted = convert(field, pass, transformed);
  return converted === undefined ? notConvertible(field, value) : { kind: 'write', value: converted };
}

function isWritable(field: FieldMapping, pass: PassDirection): boolean {
  if (pass === 'toDataverse') {
    return (
      field.dataverse !== null && field.dataverse.type !== 'entityName' && field.dataverse.access !== 'read'
    );
  }
  return field.businessCentral !== null && field.businessCentral.readOnly !== true;
}

function convert(field: FieldMapping, pass: PassDirection, value: FieldValue): FieldValue | undefined {
  if (pass === 'toDataverse') return field.dataverse ? toDataverseValue(value, field.dataverse) : undefined;
  return field.businessCentral ? toBusinessCentralValue(value, field.businessCentral) : undefined;
}

/** A rule works in its own direction only; for date targets its result must be a date (E-68). */
function transform(field: FieldMapping, pass: PassDirection, value: FieldValue): FieldValue | undefined {
  if (field.transformation === null || field.transformation.direction !== pass) return value;
  const transformed = applyTransformation(field.transformation, value);
  const targetType = pass === 'toDataverse' ? field.dataverse?.type : field.businessCentral?.type;
  const mustBeDate = targetType === 'date' || targetType === 'dateTime';
  const isBadDate = mustBeDate && !isBlank(transformed) && !isIsoDate(String(transformed));
  return isBadDate ? undefined : transformed;
}

function badTransformation(field: FieldMapping, value: FieldValue): Transfer {
  const message = `The transformation of ${field.id} makes no usable value of "${canonicalText(value)}".`;
  return { kind: 'problem', problem: problem('transformation-bad-value', { message, field: field.id }) };
}

function notConvertible(field: FieldMapping, value: FieldValue): Transfer {
  const message = `The value "${canonicalText(value)}" cannot be converted for ${field.id}.`;
  return { kind: 'problem', problem: problem('transfer-failed', { message, field: field.id }) };
}

function transferReference(
  field: FieldMapping,
  pass: PassDirection,
  value: FieldValue,
  lookups: Lookups,
): Transfer {
  const reference = referenceOf(field, pass, value);
  if (reference === null) return blankReference(field, pass);
  const answer = lookups.find(reference);
  switch (answer.status) {
    case 'coupled':
      return { kind: 'write', value: counterpart(field, pass, answer) };
    case 'blank':
      return blankReference(field, pass);
    case 'unpaired':
      return { kind: 'unpaired' };
    case 'notFound':
      return notFound(field, pass, value);
    case 'noMapping':
      return failed(field, 'related-mapping-missing', value);
    case 'notCoupled':
      return field.clearOnFailedSync
        ? blankReference(field, pass)
        : failed(field, notCoupledCode(field, pass), value);
  }
}

function counterpart(
  field: FieldMapping,
  pass: PassDirection,
  answer: Extract<LookupAnswer, { status: 'coupled' }>,
): DataverseWriteValue {
  if (pass === 'toBusinessCentral') return field.businessCentral?.type === 'guid' ? answer.id : answer.key;
  if (field.dataverse?.type === 'picklist') return Number(answer.id);
  return { table: field.dataverse?.lookupTable ?? '', id: dataverseId(answer.id) };
}

/** A reference that would become empty is not transferred where the mapping says not-null (E-71, E-78). */
function blankReference(field: FieldMapping, pass: PassDirection): Transfer {
  if (field.notNull) return keep;
  if (pass === 'toDataverse') return { kind: 'write', value: null };
  return { kind: 'write', value: blankOf(field.businessCentral?.type ?? 'text') };
}

/** An owner whose salesperson does not exist stays as it is (E-71); other dangling references are errors. */
function notFound(field: FieldMapping, pass: PassDirection, value: FieldValue): Transfer {
  if (field.notNull) return keep;
  return field.clearOnFailedSync ? blankReference(field, pass) : failed(field, 'record-not-found', value);
}

function notCoupledCode(field: FieldMapping, pass: PassDirection): ProblemCode {
  if (field.dataverse?.type === 'owner') {
    return pass === 'toDataverse' ? 'salesperson-not-coupled' : 'owner-not-coupled';
  }
  return field.lookup === currencyMappingName ? 'currency-not-found' : 'record-not-coupled';
}

function failed(field: FieldMapping, code: ProblemCode, value: FieldValue): Transfer {
  const shown = isBlank(value) ? 'blank' : `"${canonicalText(value)}"`;
  const message = `${field.id} refers to ${shown} of ${field.lookup}, which is not coupled or does not exist.`;
  const details = { message, field: field.id, parameters: [canonicalText(value)] };
  return { kind: 'problem', problem: problem(code, details) };
}

/** The key of a field's value on the target of the pass. */
export function targetKey(mapping: TableMapping, field: FieldMapping, pass: PassDirection): string {
  if (pass === 'toDataverse') return field.dataverse?.attribute ?? '';
  return field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : '';
}

/** Whether the target already holds what would be written (E-69). */
export function holdsAlready(
  field: FieldMapping,
  pass: PassDirection,
  value: DataverseWriteValue,
  current: FieldValue | undefined,
  lookups: Lookups,
): boolean {
  const wanted = canonicalText(isLookupReference(value) ? value.id : value);
  const present = canonicalText(current);
  if (pass === 'toDataverse' || field.businessCentral?.type !== 'code') return wanted === present;
  const isLocalCurrency =
    field.lookup === currencyMappingName && asCode(present) === lookups.localCurrencyCode;
  return asCode(wanted) === (isLocalCurrency ? '' : asCode(present));
}
