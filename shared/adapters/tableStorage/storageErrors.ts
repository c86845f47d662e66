/** Turns errors of the storage clients into SyncFailure; the one place that knows their shapes (platform B-30). */
import { type FailureDetails, SyncFailure } from '../../domain/common/failures.ts';

/** What can be learned from an error of a table or queue client. */
export interface StorageErrorFacts {
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** The service's code, such as `EntityAlreadyExists`; else the client's, such as `ECONNREFUSED`. */
  readonly code: string;
  /** Position of the refused operation in a transaction; null when not told. */
  readonly failedIndex: number | null;
  readonly retryAfterMs: number | null;
}

interface ClientError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly details?: { readonly errorCode?: unknown; readonly odataError?: { readonly code?: unknown } };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** Reads single operations (code in the details), transactions (index in the message) and queues alike. */
export function storageErrorFacts(error: unknown): StorageErrorFacts {
  const { message, code, statusCode, details, response, name }: ClientError =
    typeof error === 'object' && error !== null ? error : {};
  const codes = [details?.odataError?.code, details?.errorCode, code, name];
  const index = /^(\d+):/.exec(message ?? '')?.[1];
  const seconds = Number(response?.headers?.get('retry-after') ?? Number.NaN);
  return {
    status: typeof statusCode === 'number' ? statusCode : null,
    code:
      codes.find((candidate) => typeof candidate === 'string' && candidate !== '')?.toString() ?? 'unknown',
    failedIndex: index === undefined ? null : Number(index),
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
  };
}

/** The failure to raise for an error; `what` names the table or queue. A SyncFailure passes unchanged. */
export function storageFailure(error: unknown, what: string): SyncFailure {
  if (error instanceof SyncFailure) return error;
  const facts = storageErrorFacts(error);
  const { retryAfterMs } = facts;
  return new SyncFailure({
    ...classify(facts, what),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    cause: error,
  });
}

type Classified = Pick<FailureDetails, 'kind' | 'code' | 'message' | 'suggestion' | 'outcomeUnknown'>;

const signInErrors = ['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'];

function classify({ status, code }: StorageErrorFacts, what: string): Classified {
  const where = `${what} (${status ?? 'no answer'}, ${code})`;
  if (status === 401 || status === 403 || signInErrors.includes(code)) return denied(where);
  if (status === 429 || code === 'ServerBusy') return throttled(where);
  if (code === 'TableNotFound' || code === 'QueueNotFound') return notFound(where);
  if (status === null || status >= 500 || status === 408) return unavailable(where);
  return {
    kind: 'bug',
    code: 'storage-request-refused',
    message: `Storage refused a request to ${where}.`,
  };
}

function denied(where: string): Classified {
  return {
    kind: 'permission',
    code: 'storage-access-denied',
    message: `Storage denied access to ${where}.`,
    suggestion:
      'Give the app the roles Storage Table Data Contributor and Storage Queue Data Contributor, or correct the connection.',
  };
}

function throttled(where: string): Classified {
  return { kind: 'throttled', code: 'storage-throttled', message: `Storage asked to slow down: ${where}.` };
}

function notFound(where: string): Classified {
  return {
    kind: 'config',
    code: 'storage-not-prepared',
    message: `Storage has no ${where}.`,
    suggestion: 'Restart the app: it creates its tables and queues at start.',
  };
}

function unavailable(where: string): Classified {
  return {
    kind: 'transient',
    code: 'storage-unavailable',
    message: `Storage did not answer as expected: ${where}.`,
    outcomeUnknown: true,
  };
}
