/** Blank values, canonical text and conversion between the two systems' types (E-83). */
import { emptyGuid } from '../common/ids.ts';
import { instant, isIsoDate } from '../common/instants.ts';
import type { FieldValue } from '../common/records.ts';
import type { BusinessCentralField, BusinessCentralType, DataverseField } from '../mappings/model.ts';

/** Business Central writes blanks as text: empty reference, empty date, blank enum member (business-central-api 3.5). */
const blankTexts: ReadonlySet<string> = new Set(['', ' ', emptyGuid, '0001-01-01', '0001-01-01T00:00:00Z']);

/** Whether the value stands for "nothing" on either side. Zero and false are values. */
export function isBlank(value: FieldValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'string' && (blankTexts.has(value) || value === '0001-01-01T00:00:00.000Z');
}

/** One text per value, whatever the side: blanks of all kinds are equal, numbers compare by value. */
export function canonicalText(value: FieldValue | undefined): string {
  if (value === undefined || isBlank(value)) return '';
  return typeof value === 'number' ? String(value === 0 ? 0 : value) : String(value);
}

/** Cuts text to a length in characters as users count them, never inside a surrogate pair. */
export function cut(text: string, maxLength: number | undefined): string {
  if (maxLength === undefined || text.length <= maxLength) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return text.slice(0, end);
}

/** Rounds half away from zero to a number of decimals. */
export function roundTo(value: number, decimals: number): number {
  const shifted = Number(`${Math.abs(value)}e${decimals}`);
  const rounded = Number(`${Math.round(shifted)}e-${decimals}`);
  return Number.isNaN(rounded) ? value : Math.sign(value) * rounded;
}

/** The value as the Dataverse column takes it; undefined when it cannot be converted. */
export function toDataverseValue(value: FieldValue, field: DataverseField): FieldValue | undefined {
  if (isBlank(value)) return null;
  switch (field.type) {
    case 'string':
    case 'memo':
      return cut(String(value), field.maxLength);
    case 'integer':
    case 'picklist':
      return finite(value, (number) => Math.round(number));
    case 'decimal':
    case 'money':
      return finite(value, (number) => roundTo(number, field.precision ?? 10));
    case 'boolean':
      return asBoolean(value);
    case 'date':
      return asDate(value);
    case 'dateTime':
      return asInstant(value);
    default:
      return String(value);
  }
}

/** The value as the Business Central property takes it; undefined when it cannot be converted. */
export function toBusinessCentralValue(
  value: FieldValue,
  field: BusinessCentralField,
): FieldValue | undefined {
  if (isBlank(value)) return blankOf(field.type);
  switch (field.type) {
    case 'text':
      return cut(String(value), field.maxLength);
    case 'code':
      return cut(asCode(String(value)), field.maxLength);
    case 'integer':
      return finite(value, (number) => Math.round(number));
    case 'decimal':
      return finite(value, (number) => number);
    case 'boolean':
      return asBoolean(value);
    case 'date':
      return asDate(value);
    case 'dateTime':
      return asInstant(value);
    default:
      return String(value);
  }
}

/** Code fields hold upper-case text without outer blanks (E-69). */
export function asCode(text: string): string {
  return text.trim().toUpperCase();
}

/** What Business Central takes to clear a property of this type; null would mean "leave as it is". */
export function blankOf(type: BusinessCentralType): FieldValue {
  switch (type) {
    case 'text':
    case 'code':
      return '';
    case 'enum':
      return ' ';
    case 'integer':
    case 'decimal':
      return 0;
    case 'boolean':
      return false;
    case 'date':
      return '0001-01-01';
    case 'dateTime':
      return '0001-01-01T00:00:00Z';
    case 'guid':
      return emptyGuid;
  }
}

const numeral = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Only what people take for a number is one: no yes or no, no spaces, no hexadecimal digits. */
function finite(value: FieldValue, use: (number: number) => number): number | undefined {
  const number = numeral.test(String(value)) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? use(number) : undefined;
}

function asBoolean(value: FieldValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 'true') return true;
  return value === 0 || value === 'false' ? false : undefined;
}

function asInstant(value: FieldValue): string | undefined {
  return isIsoDate(String(value)) ? instant(String(value)) : undefined;
}

/** The calendar day in UTC, the time zone of both services (business-central-api 3.5). */
function asDate(value: FieldValue): string | undefined {
  return isIsoDate(String(value)) ? instant(String(value)).slice(0, 10) : undefined;
}
