/** How values become properties of a row and are checked when they come back. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import {
  type AuditId,
  type BusinessCentralId,
  type DataverseId,
  isGuid,
  type MappingName,
  type RunId,
  type SyncErrorId,
  type SyncJobId,
} from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import type { Properties, PropertyValue, StoredRow } from './entityTable.ts';
import { maxPropertyUnits } from './rowLimits.ts';

/** Longest message kept of an error or a run (E-150). */
const maxMessageUnits = 2048;

/** A message cut to 2,048 characters, the last one an ellipsis when something was cut (E-150). */
export function cutMessage(text: string): string {
  return text.length <= maxMessageUnits ? text : `${text.slice(0, maxMessageUnits - 1)}…`;
}

/** Properties without those that are null: absent stands for null, as every write replaces the row. */
export function present(values: Readonly<Record<string, PropertyValue | null>>): Properties {
  const properties: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(values)) if (value !== null) properties[name] = value;
  return properties;
}

/** A value as JSON text; null stays null. */
export function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** A text of any length as properties `name`, `name1`, `name2`, ... of up to 32 K units each. */
export function textParts(name: string, text: string | null): Record<string, string> {
  const parts: Record<string, string> = {};
  if (text === null) return parts;
  for (let part = 0; part === 0 || part * maxPropertyUnits < text.length; part += 1) {
    parts[part === 0 ? name : `${name}${part}`] = text.slice(
      part * maxPropertyUnits,
      (part + 1) * maxPropertyUnits,
    );
  }
  return parts;
}

/** The text that {@link textParts} spread; null when there is none. */
export function joinedText(name: string, properties: Properties): string | null {
  const first = properties[name];
  if (typeof first !== 'string') return null;
  const texts = [first];
  for (let part = 1; typeof properties[`${name}${part}`] === 'string'; part += 1) {
    texts.push(String(properties[`${name}${part}`]));
  }
  return texts.join('');
}

/**
 * Checks a row read back. Raises SyncFailure `stored-row-unreadable` (bug) that names table, partition and row
 * and lists the properties at fault, without their values.
 */
export function readRow<Output>(
  table: string,
  row: StoredRow,
  schema: z.ZodType<Output>,
  properties: Readonly<Record<string, unknown>> = row.properties,
): Output {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SyncFailure({
    kind: 'bug',
    code: 'stored-row-unreadable',
    message: `Row ${row.row} in partition ${row.partition} of table ${table} cannot be read: ${problems.join('; ')}.`,
    suggestion: 'The row was written by another program or version; correct or delete it.',
  });
}

/** Schema of a property that is absent when the value is null. */
export function orNull<Output>(schema: z.ZodType<Output>) {
  return z.optional(schema).transform((value) => value ?? null);
}

/** Schema of a property that holds JSON text of the given shape. */
export function json<Output>(schema: z.ZodType<Output>) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON text' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

const guid = <Id extends string>() => z.custom<Id>((value) => typeof value === 'string' && isGuid(value));

/** Schemas of identifiers and instants as they are stored. */
export const column = {
  businessCentralId: guid<BusinessCentralId>(),
  dataverseId: guid<DataverseId>(),
  runId: guid<RunId>(),
  syncJobId: guid<SyncJobId>(),
  syncErrorId: guid<SyncErrorId>(),
  auditId: guid<AuditId>(),
  mapping: z.custom<MappingName>((value) => typeof value === 'string'),
  instant: z.custom<Instant>((value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))),
  count: z.number().int().nonnegative(),
} as const;
