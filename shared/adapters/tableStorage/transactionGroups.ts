/** How writes are grouped into entity-group transactions: at most 100 rows and 4 MiB each (platform B-11, B-20). */
import { Buffer } from 'node:buffer';
import type { Properties, RowWrite } from './entityTable.ts';

const maxOperations = 100;
/** Below the service's 4 MiB, because headers are only estimated. */
const maxBytes = 3_500_000;
/** Headers and boundaries of one operation, its address included. */
const operationOverheadBytes = 900;

/** A control character in JSON, the longest form a UTF-16 unit can take. */
const maxBytesPerUnit = 6;
/** One hundred rows of this size fit one transaction. */
const smallBytes = maxBytes / maxOperations - 2 * operationOverheadBytes;

/** Writes that belong into one transaction together, such as the two rows of a coupling. */
export interface WriteUnit {
  readonly writes: readonly RowWrite[];
}

/** Splits units into groups that fit one transaction each; units stay whole and in order. */
export function transactionGroups<Unit extends WriteUnit>(units: readonly Unit[]): readonly Unit[][] {
  const groups: Unit[][] = [];
  let operations = Number.POSITIVE_INFINITY;
  let bytes = 0;
  for (const unit of units) {
    const unitBytes = sizeOf(unit);
    operations += unit.writes.length;
    bytes += unitBytes;
    if (operations > maxOperations || bytes > maxBytes) {
      groups.push([]);
      operations = unit.writes.length;
      bytes = unitBytes;
    }
    groups.at(-1)?.push(unit);
  }
  return groups;
}

/**
 * Splits units into waves in which no row is written twice, because a transaction refuses that and because
 * the groups of a wave may be sent at the same time. Waves must run one after the other.
 */
export function waves<Unit>(units: readonly Unit[], rowsOf: (unit: Unit) => readonly string[]): Unit[][] {
  const found: Unit[][] = [];
  let touched = new Set<string>();
  for (const unit of units) {
    const rows = rowsOf(unit);
    if (found.length === 0 || rows.some((row) => touched.has(row))) {
      found.push([]);
      touched = new Set();
    }
    found.at(-1)?.push(unit);
    for (const row of rows) touched.add(row);
  }
  return found;
}

/** An upper bound where that is surely small enough for a full transaction, else the exact size. */
function sizeOf(unit: WriteUnit): number {
  let bytes = 0;
  for (const write of unit.writes) {
    const keyBytes = operationOverheadBytes + 2 * write.row.length;
    bytes += write.kind === 'delete' ? keyBytes : keyBytes + propertiesSize(write.properties);
  }
  return bytes;
}

function propertiesSize(properties: Properties): number {
  let units = 0;
  for (const name in properties) {
    const value = properties[name];
    units += name.length + (typeof value === 'string' ? value.length : 0);
  }
  const bound = units * maxBytesPerUnit;
  return bound <= smallBytes ? bound : Buffer.byteLength(JSON.stringify(properties));
}
