/**
 * Who gets in where App Service authentication stands before the app (contract section 3).
 *
 * Without it every function asks for a function key, and the host checks it. With it people come signed in and have no key,
 * so functions are registered without one, and this check takes the host's place: a request that the platform marked as
 * signed in goes on to the check of roles; any other has to show a function key, which the host itself is asked about.
 * The platform takes the mark off requests from outside; where it does not (signInGuard.ts), the mark is worth nothing.
 */
import { createHash } from 'node:crypto';
import { ApiError } from './apiError.ts';
import { type GuardQuestion, isSignInGuarded } from './signInGuard.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether App Service authentication is on: the platform tells, and no setting of the app's own can claim it. */
export function isSignInOn(environment: Environment): boolean {
  return environment['WEBSITE_AUTH_ENABLED']?.trim().toLowerCase() === 'true';
}

/** The headers of a request, as far as they may be believed. */
export interface Headers {
  get(name: string): string | null;
}

/** A request as far as it tells who asks. */
export interface Caller {
  readonly url: string;
  readonly headers: Headers;
}

/** Lets a caller in, with the headers that may be believed, or raises ApiError 401 or 429. */
export type CallerCheck = (caller: Caller) => Promise<Headers>;

/** Whether the host takes this function key. Raises whatever the network does. */
export type KeyQuestion = (key: string) => Promise<boolean>;

/** A host in Azure names the app; hosts on a developer's machine do not. */
function isDeployed(environment: Environment): boolean {
  return (environment['WEBSITE_SITE_NAME'] ?? '') !== '';
}

/**
 * Without App Service authentication the host has checked everybody, and nobody is there who could mark a request as signed
 * in: in Azure such marks are not believed then. With it {@link signedInOrKey} checks.
 */
export function callerCheck(environment: Environment, now: () => number = Date.now): CallerCheck {
  if (isSignInOn(environment)) {
    const hostName = environment['WEBSITE_HOSTNAME'] ?? '';
    return signedInOrKey(remembered(askHost(hostName), now), isSignInGuarded(hostName, { now }));
  }
  return isDeployed(environment)
    ? async ({ headers }) => withoutSignIn(headers)
    : async ({ headers }) => headers;
}

/** Lets in who is signed in, where the platform vouches for it, and who shows a key that the host takes. */
export function signedInOrKey(isKnown: KeyQuestion, isGuarded: GuardQuestion): CallerCheck {
  return async ({ url, headers }) => {
    if (headers.get('x-ms-client-principal') !== null && (await isGuarded())) return headers;
    const key = headers.get('x-functions-key') ?? new URL(url).searchParams.get('code');
    if (key === null || key === '' || key.length > longestKey) throw refused();
    if (!(await isKnown(key))) throw refused();
    return withoutSignIn(headers);
  };
}

/** Everything else stays as it is. */
function withoutSignIn(headers: Headers): Headers {
  return { get: (name) => (/^x-ms-(client-principal|token)/i.test(name) ? null : headers.get(name)) };
}

/** Longer than any key that the host makes. */
const longestKey = 512;

function refused(): ApiError {
  const message = 'Sign in, or send a function key of the app.';
  return new ApiError({ status: 401, code: 'sign-in-needed', message });
}

/** The function that asks for a key and does nothing else (functions/keyCheck.ts). */
export const keyCheckRoute = 'api/key-check';
const longestAnswerMs = 5_000;

/** Asks the host by calling a function of this very app that needs a key. */
function askHost(hostName: string): KeyQuestion {
  return async (key) => {
    const response = await fetch(`https://${hostName}/${keyCheckRoute}`, {
      headers: { 'x-functions-key': key },
      redirect: 'error',
      signal: AbortSignal.timeout(longestAnswerMs),
    });
    return response.status === 204;
  };
}

const knownForMs = 60_000;
const unknownForMs = 10_000;
/** More different keys at once are an attack, not use. */
const mostKeys = 100;

/**
 * Remembers answers by a digest of the key: a key taken back works for a minute longer at most, and wrong keys cannot make
 * the app call itself without end. Raises ApiError 429 when too many different keys come at once.
 */
export function remembered(ask: KeyQuestion, now: () => number): KeyQuestion {
  const answers = new Map<string, { readonly isKnown: Promise<boolean>; until: number }>();
  const onceRight = new Set<string>();
  return async (key) => {
    const digest = createHash('sha256').update(key).digest('base64');
    for (const [known, { until }] of answers) if (until <= now()) answers.delete(known);
    const present = answers.get(digest);
    if (present !== undefined) return present.isKnown;
    // Guesses must not shut out who has shown a right key before.
    if (answers.size >= mostKeys && !onceRight.has(digest)) throw tooMany();
    const answer = { isKnown: ask(key).catch(() => false), until: now() + unknownForMs };
    answers.set(digest, answer);
    if (await answer.isKnown) {
      answer.until = now() + knownForMs;
      onceRight.add(digest);
    }
    return answer.isKnown;
  };
}

function tooMany(): ApiError {
  const retryAfterSeconds = unknownForMs / 1000;
  const message = 'Too many different keys were tried; wait a moment.';
  return new ApiError({ status: 429, code: 'too-many-keys', message, retryAfterSeconds });
}
