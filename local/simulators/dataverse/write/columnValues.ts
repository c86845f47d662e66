/** Checks one value against its column and brings it into the stored form (dataverse-web-api sections 4, 8, 14). */
import { DataverseError, errorCodes } from '../errors.ts';
import { wholeSeconds } from '../organisation.ts';
import type { OptionCatalog } from '../schema/optionCatalog.ts';
import type { Column, Table } from '../schema/schema.ts';
import type { ColumnValue } from '../store/row.ts';
import { wrongType } from './parseBody.ts';

const guidPattern = /^\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?$/;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Limits of columns that state none themselves. */
const integerRange = { min: -2_147_483_648, max: 2_147_483_647 };
const moneyRange = { min: -922_337_203_685_477, max: 922_337_203_685_477 };
const decimalRange = { min: -100_000_000_000, max: 100_000_000_000 };

/** The stored form of the value. Raises the 400 of the rule it breaks. */
export function storedValue(
  options: OptionCatalog,
  table: Table,
  column: Column,
  value: ColumnValue,
): ColumnValue {
  if (value === null) return null;
  switch (column.type) {
    case 'String':
    case 'Memo':
      return textValue(table, column, value);
    case 'Boolean':
      return ofType(column, value, 'boolean');
    case 'Integer':
    case 'BigInt':
      return integerValue(table, column, value);
    case 'Picklist':
    case 'State':
    case 'Status':
      return optionValue(options, table, column, value);
    case 'Money':
    case 'Decimal':
    case 'Double':
      return amountValue(table, column, value);
    case 'DateTime':
      return column.edm === 'Edm.Date' ? dateValue(column, value) : instantValue(column, value);
    case 'Uniqueidentifier':
    case 'Lookup':
    case 'Owner':
    case 'Customer':
      return guidValue(column, value);
  }
}

function ofType(column: Column, value: ColumnValue, type: 'string' | 'number' | 'boolean'): ColumnValue {
  if (typeof value !== type) throw wrongType(column.name, column.edm);
  return value;
}

function textValue(table: Table, column: Column, value: ColumnValue): string | null {
  const text = String(ofType(column, value, 'string'));
  if (column.maxLength !== null && text.length > column.maxLength) {
    throw new DataverseError(
      400,
      errorCodes.textTooLong,
      `A validation error occurred. The length of the '${column.name}' attribute of the '${table.logicalName}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
    );
  }
  return text === '' ? null : text;
}

function integerValue(table: Table, column: Column, value: ColumnValue): ColumnValue {
  const number = Number(ofType(column, value, 'number'));
  if (!Number.isInteger(number)) throw wrongType(column.name, column.edm);
  const min = column.min ?? (column.type === 'BigInt' ? Number.MIN_SAFE_INTEGER : integerRange.min);
  const max = column.max ?? (column.type === 'BigInt' ? Number.MAX_SAFE_INTEGER : integerRange.max);
  if (number < min || number > max) throw outOfRange(table, column, errorCodes.integerOutOfRange);
  return number;
}

function amountValue(table: Table, column: Column, value: ColumnValue): ColumnValue {
  const number = Number(ofType(column, value, 'number'));
  const range = column.type === 'Money' ? moneyRange : decimalRange;
  if (number < (column.min ?? range.min) || number > (column.max ?? range.max)) {
    throw outOfRange(table, column, errorCodes.amountOutOfRange);
  }
  return column.precision === null ? number : roundTo(number, column.precision);
}

function outOfRange(table: Table, column: Column, code: string): DataverseError {
  return new DataverseError(
    400,
    code,
    `A validation error occurred. The value of '${column.name}' on record of type '${table.logicalName}' is outside the valid range.`,
  );
}

function optionValue(options: OptionCatalog, table: Table, column: Column, value: ColumnValue): ColumnValue {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(column.name, column.edm);
  if (!options.of(table, column).some((option) => option.value === value)) {
    throw new DataverseError(
      400,
      errorCodes.optionOutOfRange,
      `A validation error occurred. The value ${value} of '${column.name}' on record of type '${table.logicalName}' is outside the valid range. Accepted Values: ${options
        .of(table, column)
        .map((option) => option.value)
        .join(',')}`,
    );
  }
  return value;
}

function dateValue(column: Column, value: ColumnValue): string {
  const text = String(ofType(column, value, 'string'));
  if (!datePattern.test(text) || Number.isNaN(Date.parse(text))) throw wrongType(column.name, column.edm);
  return text;
}

function instantValue(column: Column, value: ColumnValue): string {
  const text = String(ofType(column, value, 'string'));
  const epochMs = instantPattern.test(text) ? Date.parse(withZone(text)) : Number.NaN;
  if (Number.isNaN(epochMs)) throw wrongType(column.name, column.edm);
  return wholeSeconds(epochMs);
}

/** A time without zone is taken as UTC. */
function withZone(text: string): string {
  return text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text;
}

function guidValue(column: Column, value: ColumnValue): string {
  const match = guidPattern.exec(String(ofType(column, value, 'string')));
  if (!match?.[1]) throw wrongType(column.name, column.edm);
  return match[1].toLowerCase();
}

/** Rounds half away from zero, as money and decimal columns do. */
export function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  const scaled = Math.abs(value) * factor;
  return (Math.sign(value) * Math.round(scaled + scaled * Number.EPSILON)) / factor;
}
