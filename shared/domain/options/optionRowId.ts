/** The id under which an option takes the part of a Dataverse row: couplings, logs and plans know ids only. */
import { v5 } from 'uuid';
import { type DataverseId, dataverseId } from '../common/ids.ts';
import type { OptionColumn } from '../mappings/model.ts';

/** Namespace of option ids; never change it, or stored pairs no longer name their options. */
const namespace = '0d9a4f0e-5c7e-4b55-9c0a-6a3f1f5d2b86';
/** Numbers of options are whole and not negative, and fit into 32 bits. */
const highestNumber = 2_147_483_647;
const digits = 12;

function headOf({ table, attribute }: OptionColumn): string {
  return v5(`${table}.${attribute}`, namespace).slice(0, -digits);
}

/**
 * The same option always has the same id, and the id ends with the option's number in decimal digits, so that a pair is
 * resolved without asking anybody. Raises RangeError for what is no number of an option.
 */
export function optionRowId(column: OptionColumn, value: number): DataverseId {
  if (!isOptionNumber(value)) throw new RangeError(`${value} is not the number of an option`);
  return dataverseId(headOf(column) + String(value).padStart(digits, '0'));
}

/** The number in an option's id; null for an id that names no option of this column. */
export function optionNumberOf(column: OptionColumn, id: string): number | null {
  const head = headOf(column);
  const tail = id.slice(head.length);
  return id.startsWith(head) && /^\d+$/.test(tail) ? Number(tail) : null;
}

/** Whether the value can be the number of an option. */
export function isOptionNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highestNumber;
}
