/** The one error class of the product and the cause classes every error belongs to. */

/**
 * Why something failed, which decides what happens next.
 *
 * `config` an administrator must change a setting or mapping; `permission` a right is missing; `transient`
 * it may work when repeated; `throttled` the service asked to wait; `conflict` both sides changed; `data`
 * the record must be corrected; `dependency` another record must be synchronised first; `deleted` the
 * counterpart is gone; `bug` an invariant of this program does not hold.
 */
export const failureKinds = [
  'config',
  'permission',
  'transient',
  'throttled',
  'conflict',
  'data',
  'dependency',
  'deleted',
  'bug',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** What {@link SyncFailure} is built from. */
export interface FailureDetails {
  readonly kind: FailureKind;
  /** Stable, kebab-case; those of sync-engine section 14 and those of docs/errors.md. */
  readonly code: string;
  /** One or two plain sentences: what happened, to what. Never a secret. */
  readonly message: string;
  /** What the administrator should do, in one sentence. */
  readonly suggestion?: string;
  /** How long to wait before the next try, when the service said so. */
  readonly retryAfterMs?: number;
  /** True when a write may or may not have been carried out (time-out, lost connection). */
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** An error that stops a page, a pass or a run. Failures of single records are values, not exceptions. */
export class SyncFailure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly suggestion: string | null;
  readonly retryAfterMs: number | null;
  readonly outcomeUnknown: boolean;

  constructor(details: FailureDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SyncFailure';
    this.kind = details.kind;
    this.code = details.code;
    this.suggestion = details.suggestion ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
  }
}

/** Raised where a closed set turns out to hold a value no case covers; always a bug. */
export function unreachable(value: never): never {
  throw new SyncFailure({
    kind: 'bug',
    code: 'unreachable',
    message: `Unexpected value ${JSON.stringify(value)}`,
  });
}

/** Stops with kind `bug` when an invariant does not hold; stays on in production. */
export function invariant(holds: boolean, message: string): asserts holds {
  if (!holds) throw new SyncFailure({ kind: 'bug', code: 'invariant', message });
}
