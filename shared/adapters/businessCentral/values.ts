/** Values on their way in and out of Business Central's JSON (business-central-api section 3.5). */
import { isGuid } from '../../domain/common/ids.ts';
import { instant } from '../../domain/common/instants.ts';
import type { FieldValue, FieldValues } from '../../domain/common/records.ts';

const encodedCharacter = /_x([0-9A-Fa-f]{4})_/g;
const memberName = /^[\p{L}\p{N}_]+$/u;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const blankMember = ' ';
const encodedBlank = '_x0020_';

/** The name of an enum member as people write it: `Credit_x0020_Memo` becomes `Credit Memo`. */
export function decodeMemberName(text: string): string {
  if (!text.includes('_x') || !memberName.test(text)) return text;
  return text.replace(encodedCharacter, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** A JSON value in the one form the core knows; undefined for what is no field value (nested records). */
export function readValue(value: unknown): FieldValue | undefined {
  if (typeof value === 'string') return readText(value);
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function readText(text: string): string {
  if (text.length === 36 && isGuid(text)) return text.toLowerCase();
  if (dateTime.test(text) && !Number.isNaN(Date.parse(text))) return instant(text);
  return decodeMemberName(text);
}

/** The selected properties a row has, in the order of the selection. */
export function readValues(
  row: Readonly<Record<string, unknown>>,
  properties: readonly string[],
): FieldValues {
  const values: Record<string, FieldValue> = {};
  for (const property of properties) {
    const value = readValue(row[property]);
    if (value !== undefined) values[property] = value;
  }
  return values;
}

/** The body of a write: null means "leave out" to Business Central, and the blank member has a name of its own. */
export function writeBody(values: FieldValues): FieldValues {
  const sent = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(
    sent.map(([name, value]) => [name, value === blankMember ? encodedBlank : value]),
  );
}
