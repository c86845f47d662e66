/** OData literals for filters on Dataverse columns, by column type (dataverse-web-api section 5). */

import { isGuid } from '../../domain/common/ids.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { FieldValue } from '../../domain/common/records.ts';

/** Column types whose value is a reference to a row of another table. */
export const lookupTypes = ['Lookup', 'Owner', 'Customer'] as const;

const numericTypes = [
  'Integer',
  'BigInt',
  'Decimal',
  'Double',
  'Money',
  'Picklist',
  'State',
  'Status',
] as const;

function isOneOf(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

/** Whether a column of this type is read as `_name_value` and written through a navigation property. */
export function isLookupType(type: string): boolean {
  return isOneOf(lookupTypes, type);
}

export { textLiteral };

/**
 * The value as a literal for a column of this type, not yet URL-encoded.
 *
 * Null when no stored value of that type can equal it (such as the text `abc` for a number): the caller
 * leaves it out, because the service would refuse the whole filter.
 */
export function literal(type: string, value: FieldValue): string | null {
  if (value === null) return 'null';
  if (isLookupType(type) || type === 'Uniqueidentifier') return guidLiteral(value);
  if (isOneOf(numericTypes, type)) return numberLiteral(value);
  if (type === 'Boolean') return booleanLiteral(value);
  if (type === 'DateTime') return dateLiteral(value);
  return textLiteral(String(value));
}

function guidLiteral(value: FieldValue): string | null {
  return typeof value === 'string' && isGuid(value) ? value.toLowerCase() : null;
}

function numberLiteral(value: FieldValue): string | null {
  if (typeof value === 'boolean' || value === '') return null;
  return Number.isFinite(Number(value)) ? String(Number(value)) : null;
}

function booleanLiteral(value: FieldValue): string | null {
  const text = String(value).toLowerCase();
  return text === 'true' || text === 'false' ? text : null;
}

function dateLiteral(value: FieldValue): string | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(value)
    ? value
    : null;
}
