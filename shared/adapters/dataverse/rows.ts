/** Turns rows of the service into rows of the core. */
import { z } from 'zod';
import { type DataverseId, dataverseId, isGuid } from '../../domain/common/ids.ts';
import { instant, neverStamped } from '../../domain/common/instants.ts';
import type { DataverseRow, FieldValue } from '../../domain/common/records.ts';
import type { DataverseAttribute } from '../../ports/dataverse.ts';
import type { DataverseContext } from './context.ts';
import { isLookupType } from './literals.ts';
import { type ResolvedSelection, wireName } from './selection.ts';

const rawRow = z.record(z.string(), z.unknown());
type RawRow = z.infer<typeof rawRow>;

const targetAnnotation = '@Microsoft.Dynamics.CRM.lookuplogicalname';

/** The readable rows; others are left out with a warning, so that one bad row does not hold up a page (P11). */
export function readRowList(
  context: DataverseContext,
  resolved: ResolvedSelection,
  raw: readonly unknown[],
): readonly DataverseRow[] {
  return raw.flatMap((entry) => readRow(context, resolved, entry) ?? []);
}

/** One row, or null with a warning `record-unreadable` when it lacks its key or etag or holds a value of no known form. */
export function readRow(
  context: DataverseContext,
  resolved: ResolvedSelection,
  entry: unknown,
): DataverseRow | null {
  try {
    return toRow(resolved, rawRow.parse(entry));
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : 'the row is no object';
    context.log('warning', 'record-unreadable', { table: resolved.table.logicalName, reason });
    return null;
  }
}

function toRow(resolved: ResolvedSelection, raw: RawRow): DataverseRow {
  const { table, attributes } = resolved;
  const id = requiredId(raw[table.idAttribute]);
  const values: Record<string, FieldValue> = {};
  const lookupTables: Record<string, string> = {};
  for (const attribute of attributes) {
    const value = raw[wireName(attribute)];
    // A column the service did not send is unknown, which is not the same as empty.
    if (value === undefined) continue;
    values[attribute.logicalName] = fieldValue(attribute, value);
    const target = value === null ? null : targetOf(attribute, raw);
    if (target !== null) lookupTables[attribute.logicalName] = target;
  }
  return { id, etag: etagOf(raw), ...modification(raw), values, lookupTables };
}

function requiredId(value: unknown): DataverseId {
  if (typeof value !== 'string' || !isGuid(value)) throw new RangeError('its key is missing');
  return dataverseId(value);
}

/** The row version is the number of the etag (section 7). */
function etagOf(raw: RawRow): string {
  const etag = raw['@odata.etag'];
  if (typeof etag === 'string' && etag !== '') return etag;
  const version = raw['versionnumber'];
  if (typeof version === 'number' || typeof version === 'string') return `W/"${version}"`;
  throw new RangeError('its etag is missing');
}

function modification(raw: RawRow): Pick<DataverseRow, 'modifiedAt' | 'modifiedBy'> {
  const at = raw['modifiedon'];
  const by = raw['_modifiedby_value'];
  return {
    modifiedAt: typeof at === 'string' ? readInstant('modifiedon', at) : neverStamped,
    modifiedBy: typeof by === 'string' ? requiredId(by) : null,
  };
}

function fieldValue(attribute: DataverseAttribute, value: unknown): FieldValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string')
    throw new RangeError(`the value of ${attribute.logicalName} has no known form`);
  if (isLookupType(attribute.type) || attribute.type === 'Uniqueidentifier') return value.toLowerCase();
  if (attribute.type === 'DateTime') return readDate(attribute.logicalName, value);
  return value;
}

/** Date-only columns stay as they are: they have no time zone to bring into one form. */
function readDate(column: string, text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : readInstant(column, text);
}

function readInstant(column: string, text: string): ReturnType<typeof instant> {
  try {
    return instant(text);
  } catch {
    throw new RangeError(`the value of ${column} is no date`);
  }
}

/** The table a lookup points at: as the service says, else the only one metadata allows. */
function targetOf(attribute: DataverseAttribute, raw: RawRow): string | null {
  if (!isLookupType(attribute.type)) return null;
  const told = raw[wireName(attribute) + targetAnnotation];
  if (typeof told === 'string') return told;
  const targets = Object.keys(attribute.navigation);
  return targets.length === 1 ? (targets[0] ?? null) : null;
}
