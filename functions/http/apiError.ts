/** Errors of the HTTP API, in the shape of the contract (section 3). */
import { InvalidMapping } from '../../shared/app/mappings/invalidMapping.ts';
import { InvalidSettings } from '../../shared/composition/settings.ts';
import { SyncFailure, unreachable } from '../../shared/domain/common/failures.ts';

/** One problem of a request. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** An error answer before it is written. */
export interface ErrorFacts {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What the error is about: a parameter, a property, a path into the body. */
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  readonly retryAfterSeconds?: number;
}

/** Ends a request with an error answer; everything in it is shown to the caller. */
export class ApiError extends Error {
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.name = 'ApiError';
    this.facts = facts;
  }
}

/** A 400 that lists every problem; messages read on from their target, such as `top` "must be a number". */
export function badRequest(details: readonly ErrorDetail[]): ApiError {
  const [first, ...others] = details;
  const only = first !== undefined && others.length === 0 ? first : null;
  return new ApiError({
    status: 400,
    code: only?.code ?? 'invalid-request',
    message:
      only === null
        ? `The request has ${details.length} problems; see details.`
        : `${only.target} ${only.message}.`,
    ...(only === null ? {} : { target: only.target }),
    details,
  });
}

/** A 404 for something named in the address. */
export function notFound(code: string, message: string, target: string): ApiError {
  return new ApiError({ status: 404, code, message, target });
}

const internalError: ErrorFacts = {
  status: 500,
  code: 'internal-error',
  message: 'Something went wrong inside the app; its log tells what.',
};

/** What is told of an error: everything of our own, nothing of what nobody foresaw. */
export function errorFactsOf(error: unknown): ErrorFacts {
  if (error instanceof ApiError) return error.facts;
  if (error instanceof InvalidMapping) return badRequest(error.refusals).facts;
  if (error instanceof InvalidSettings) return invalidSettings(error);
  return error instanceof SyncFailure ? failureFacts(error) : internalError;
}

function invalidSettings({ code, problems }: InvalidSettings): ErrorFacts {
  const details = problems.map((problem) => {
    const [target = '', ...message] = problem.split(': ');
    return { code: 'invalid-setting', message: message.join(': '), target };
  });
  const message = 'The app cannot work with its settings; see details.';
  return { status: 500, code, message, details };
}

const notFoundCodes: ReadonlySet<string> = new Set([
  'job-not-found',
  'mapping-not-found',
  'source-not-found',
  // What cannot be stored under its name is not there either.
  'name-too-long',
]);

function failureFacts(failure: SyncFailure): ErrorFacts {
  const { code, suggestion, retryAfterMs } = failure;
  const message = suggestion === null ? failure.message : `${failure.message} ${suggestion}`;
  switch (failure.kind) {
    case 'throttled':
      return {
        status: 429,
        code,
        message,
        retryAfterSeconds: Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1_000)),
      };
    case 'config':
      return { status: notFoundCodes.has(code) ? 404 : 409, code, message };
    case 'conflict':
    case 'dependency':
    case 'deleted':
      return { status: 409, code, message };
    case 'data':
      return { status: 400, code, message };
    case 'permission':
    case 'transient':
      return { status: 500, code, message };
    case 'bug':
      return internalError;
    default:
      return unreachable(failure.kind);
  }
}
