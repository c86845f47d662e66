/** Continuations of lists: the key of the last row handed out, so they stay valid whatever is deleted. */
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';

/** The opaque text of a position. */
export function encodePosition(position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position in a continuation; raises SyncFailure `invalid-continuation` (data) when it is none of ours. */
export function decodePosition(continuation: string, length: number): readonly string[] {
  const position = z.array(z.string()).length(length).safeParse(parsed(continuation));
  if (!position.success) throw invalidContinuation();
  return position.data;
}

function parsed(continuation: string): unknown {
  try {
    return JSON.parse(Buffer.from(continuation, 'base64url').toString());
  } catch {
    return null;
  }
}

/** The failure to raise for a continuation that does not belong to the list asked for. */
export function invalidContinuation(): SyncFailure {
  return new SyncFailure({
    kind: 'data',
    code: 'invalid-continuation',
    message: 'The continuation does not belong to this list.',
    suggestion: 'Start again from the first page.',
  });
}
