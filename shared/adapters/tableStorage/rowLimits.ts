/** Limits of the service that the emulator does not enforce, checked before a row is sent (platform B-20). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { Properties, RowWrite } from './entityTable.ts';

const maxTextUnits = 32_768;
const maxProperties = 252;
const maxRowBytes = 1024 * 1024;
const propertyNamePattern = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;

/**
 * Raises SyncFailure `row-too-large` (bug) when the service would refuse the row: texts above 32 K units, more
 * than 252 properties, more than 1 MiB, or a property name that is no identifier.
 */
export function checkRow(table: string, write: RowWrite): void {
  if (write.kind === 'delete') return;
  const problem = problemOf(write.properties);
  if (problem === null) return;
  throw new SyncFailure({
    kind: 'bug',
    code: 'row-too-large',
    message: `Row ${write.row} of table ${table} cannot be stored: ${problem}.`,
  });
}

function problemOf(properties: Properties): string | null {
  const entries = Object.entries(properties);
  if (entries.length > maxProperties) return `${entries.length} properties`;
  let bytes = 0;
  for (const [name, value] of entries) {
    if (!propertyNamePattern.test(name)) return `property name "${name}"`;
    const units = typeof value === 'string' ? value.length : 0;
    if (units > maxTextUnits) return `property ${name} has ${units} characters`;
    bytes += 8 + 2 * name.length + (typeof value === 'string' ? 4 + 2 * units : 8);
  }
  return bytes > maxRowBytes ? `${bytes} bytes` : null;
}

/** The longest text one property holds, in UTF-16 units (platform B-13). */
export const maxPropertyUnits = maxTextUnits;
