/** The opaque position of a Dataverse reader: how it reads, of which columns, and where it is. */
import { z } from 'zod';
import type { Instant } from '../../domain/common/instants.ts';

const instantText = z.iso.datetime().transform((text) => text as Instant);

const positionSchema = z.discriminatedUnion('kind', [
  /** Within a change tracking read: the next page. */
  z.strictObject({ kind: z.literal('trackedPage'), select: z.string(), delta: z.boolean(), link: z.url() }),
  /** After a complete change tracking read: the delta link. */
  z.strictObject({ kind: z.literal('trackedEnd'), select: z.string(), link: z.url() }),
  /** Within a read by modifiedon, or a full read of a table without it: the next page. */
  z.strictObject({
    kind: z.literal('polledPage'),
    select: z.string(),
    newest: instantText.nullable(),
    link: z.url(),
  }),
  /** After a complete read by modifiedon; null newest = nothing was ever seen, so everything is read again. */
  z.strictObject({ kind: z.literal('polledEnd'), select: z.string(), newest: instantText.nullable() }),
]);

/** A position in plain form. `select` is the column list it was made with. */
export type Position = z.infer<typeof positionSchema>;

/** The position as storable text. */
export function encodePosition(position: Position): string {
  return JSON.stringify(position);
}

/** The position behind a text; null when it is none of this program's, in which case everything is read. */
export function decodePosition(text: string): Position | null {
  try {
    return positionSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
