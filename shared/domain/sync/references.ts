/** Which references a record's transfer will have to follow. */
import { type PassDirection, sourceSide } from '../common/directions.ts';
import type { FieldValue, FieldValues } from '../common/records.ts';
import { businessCentralKey, type FieldMapping, fieldsOfPass, type TableMapping } from '../mappings/model.ts';
import type { Reference } from './lookups.ts';
import { isBlank } from './values.ts';

/** The currency mapping's name: a blank currency means the local one (E-73), so blanks are looked up too. */
export const currencyMappingName = 'CURRENCY';

/** The value a field mapping reads in this pass. */
export function sourceValue(
  mapping: TableMapping,
  field: FieldMapping,
  pass: PassDirection,
  values: FieldValues,
): FieldValue {
  if (pass === 'toDataverse') {
    return field.businessCentral
      ? (values[businessCentralKey(mapping, field.businessCentral)] ?? null)
      : null;
  }
  return field.dataverse ? (values[field.dataverse.attribute] ?? null) : null;
}

/**
 * Whether the source has the field at all. A value that the service did not send is not a blank one: it must not clear the
 * other side, nor count as agreed (P1).
 */
export function sourceIsKnown(
  mapping: TableMapping,
  field: FieldMapping,
  pass: PassDirection,
  values: FieldValues,
): boolean {
  if (field.constant !== null) return true;
  if (pass === 'toBusinessCentral') return field.dataverse === null || field.dataverse.attribute in values;
  return field.businessCentral === null || businessCentralKey(mapping, field.businessCentral) in values;
}

/** The reference in one field's value; null when the field holds none. */
export function referenceOf(field: FieldMapping, pass: PassDirection, value: FieldValue): Reference | null {
  if (field.lookup === undefined || field.resolvedByRule === true) return null;
  const isCurrency = field.lookup === currencyMappingName;
  if (isBlank(value) && !isCurrency) return null;
  const byId = pass === 'toBusinessCentral' || field.businessCentral?.type === 'guid';
  return {
    mapping: field.lookup,
    side: sourceSide(pass),
    by: byId ? 'id' : 'key',
    value: isBlank(value) ? '' : String(value),
  };
}

/** All references of a record that its field mappings follow in this pass. */
export function fieldReferences(
  mapping: TableMapping,
  pass: PassDirection,
  values: FieldValues,
): readonly Reference[] {
  return fieldsOfPass(mapping, pass)
    .map((field) => referenceOf(field, pass, sourceValue(mapping, field, pass, values)))
    .filter((reference) => reference !== null);
}

/** The references a target holds now, of fields that a blank replaces only when their record is coupled (E-79). */
export function presentReferences(
  mapping: TableMapping,
  pass: PassDirection,
  source: FieldValues,
  target: FieldValues,
): readonly Reference[] {
  if (pass === 'toDataverse') return [];
  return fieldsOfPass(mapping, pass)
    .filter((field) => field.blankNeedsCoupled === true && isBlank(sourceValue(mapping, field, pass, source)))
    .map((field) => presentReference(mapping, field, target))
    .filter((reference) => reference !== null);
}

/** The reference that a Business Central record holds in a field; null when it holds none. */
export function presentReference(
  mapping: TableMapping,
  field: FieldMapping,
  values: FieldValues,
): Reference | null {
  return referenceOf(field, 'toDataverse', sourceValue(mapping, field, 'toDataverse', values));
}
