/** Requests, answers and expectations that tests of the transport share. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { HttpRequest } from './httpTypes.ts';
import {
  harnessOrigin,
  harnessStartMs,
  type ScriptedAnswer,
  type TransportHarness,
  transportHarness,
} from './transportHarness.ts';

/** A good answer. */
export const ok = (text = '{}'): Response => new Response(text, { status: 200 });
/** An answer with this status. */
export const answer = (status: number, headers: Record<string, string> = {}, text = ''): Response =>
  new Response(text, { status, headers });

/** A GET of a set. */
export function read(path = '/api/things?secret=1'): HttpRequest {
  return { method: 'GET', url: `${harnessOrigin}${path}`, headers: {}, idempotent: true };
}

/** A POST, by default one that must not be repeated. */
export function write(idempotent = false): HttpRequest {
  return { method: 'POST', url: `${harnessOrigin}/api/things`, headers: {}, body: '{}', idempotent };
}

/** A harness whose service answers in order; the last one again and again. */
export function inOrder(...answers: readonly (() => ScriptedAnswer)[]): TransportHarness {
  return transportHarness((_request, index) => (answers[index] ?? answers.at(-1) ?? ok)());
}

/** The SyncFailure a sending ends with; raises when it ends otherwise. */
export async function failureOf(sending: Promise<unknown>): Promise<SyncFailure> {
  const outcome = await sending.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof SyncFailure) return outcome;
  throw new Error(`A SyncFailure was expected, not ${String(outcome)}`);
}

/** When each request was sent, in seconds since the start. */
export const secondsOf = (harness: TransportHarness): readonly number[] =>
  harness.sent.map((request) => (request.atMs - harnessStartMs) / 1_000);
