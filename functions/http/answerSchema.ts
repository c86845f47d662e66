/** Building blocks of the schemas of answers; a named schema becomes a component of the OpenAPI document. */
import { z } from 'zod';

/** Names of schemas, as components of the document. */
export const schemaNames = z.registry<{ id: string }>();

/** Gives a schema a name; each name once. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  schemaNames.add(schema, { id });
  return schema;
}

/** Lower-case GUID (contract section 3). */
export const guid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** ISO 8601 UTC with milliseconds (contract section 3). */
export const instant = z.iso.datetime({ precision: 3 });

/** How many. */
export const count = z.int().min(0);

/** A page of a list; `nextLink` is absent on the last one. */
export function listOf(item: z.ZodType) {
  return z.strictObject({ value: z.array(item), nextLink: z.url().exactOptional() });
}

const detail = z.strictObject({ code: z.string(), message: z.string(), target: z.string() });

/** Any answer of 400 and above but the health report's. */
export const errorAnswer = named(
  'Error',
  z.strictObject({
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      target: z.string().exactOptional(),
      details: z.array(detail).exactOptional(),
    }),
  }),
);
