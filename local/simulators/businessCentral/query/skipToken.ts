/** The opaque `$skiptoken`: sort key and id of the last record sent (section 3.2). */
import { z } from 'zod';
import type { Value } from '../schema/entityModel.ts';
import { badRequest } from '../serviceError.ts';

/** Where the next page starts: behind the record with these sort values and this id. */
export interface PagePosition {
  readonly values: readonly Value[];
  readonly id: string;
}

const schema = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);

/** Writes a position as a token. */
export function writeSkipToken(position: PagePosition): string {
  return Buffer.from(JSON.stringify([...position.values, position.id])).toString('base64url');
}

/** Reads a token written for as many sort values as `count`. Raises 400 for anything else. */
export function readSkipToken(token: string, count: number): PagePosition {
  const parts = parsed(token);
  if (parts?.length !== count + 1) throw badRequest('The $skiptoken is not valid.');
  return { values: parts.slice(0, -1), id: String(parts.at(-1)) };
}

function parsed(token: string): readonly Value[] | null {
  try {
    const result = schema.safeParse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
