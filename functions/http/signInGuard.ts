/**
 * Whether the platform takes marks of a signed-in user off requests from outside.
 *
 * That App Service authentication is on is told by a variable, and everything rests on what it does: a plan on which it is
 * on but stands aside would let anybody call himself an administrator. So the app tries it before it believes a mark: it
 * calls itself from outside with a forged one, at an address that tells whether the mark arrived.
 */
import { Buffer } from 'node:buffer';
import { processLog } from '../../shared/composition/ports.ts';
import type { Log } from '../../shared/ports/system.ts';

/** Whether marks may be believed; false as long as it is not known. */
export type GuardQuestion = () => Promise<boolean>;

/** The function that tells whether a mark arrived (functions/signInCheck.ts). */
export const signInCheckRoute = 'api/sign-in-check';

/** What the function answers when the mark was taken off; any other status is no proof. */
export const markTakenOff = 204;

const longestAnswerMs = 5_000;
const provenForMs = 10 * 60_000;
const unprovenForMs = 10_000;

/** A mark that gives no role, should anybody believe it. */
const forgedMark = Buffer.from('{"claims":[]}').toString('base64');

/** What a trial needs of the outside. */
export interface Outside {
  readonly now: () => number;
  readonly send: typeof fetch;
  readonly log: Log;
}

/** Asks the app from outside, and remembers the answer: for ten minutes where all is well, else for ten seconds. */
export function isSignInGuarded(hostName: string, outside: Partial<Outside> = {}): GuardQuestion {
  const { now, send, log } = { now: Date.now, send: fetch, log: processLog, ...outside };
  let known: { readonly isGuarded: Promise<boolean>; until: number } | null = null;
  return async () => {
    if (known !== null && known.until > now()) return known.isGuarded;
    const trial = { isGuarded: tryForgery(hostName, send, log), until: now() + unprovenForMs };
    known = trial;
    if (await trial.isGuarded) trial.until = now() + provenForMs;
    return trial.isGuarded;
  };
}

async function tryForgery(hostName: string, send: typeof fetch, log: Log): Promise<boolean> {
  const reason = await send(`https://${hostName}/${signInCheckRoute}`, {
    headers: { 'x-ms-client-principal': forgedMark },
    redirect: 'error',
    signal: AbortSignal.timeout(longestAnswerMs),
  }).then(
    ({ status }) => (status === markTakenOff ? null : `status ${status}`),
    (error: unknown) => String(error),
  );
  if (reason !== null) log('error', 'sign-in-unguarded', { message: reason });
  return reason === null;
}
