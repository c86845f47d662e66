/** What became of one write inside a batch. */
import type { FailureKind } from '../domain/common/failures.ts';

/** A refusal by a service, classified by the adapter's error table. */
export interface ServiceProblem {
  readonly kind: FailureKind;
  /** The service's own code, such as `Application_StringExceededLength` or `0x80044331`. */
  readonly serviceCode: string;
  /** The service's message without correlation ids, fit to show. */
  readonly message: string;
  readonly status: number;
}

/**
 * The outcome of one insert or update.
 *
 * `done` carries the record as stored after the write. `stale`: it changed since it was read (412, or 409
 * `Request_EntityChanged`). `missing`: it no longer exists. `exists`: an insert found its key taken.
 * `refused`: the service said no to this record. `unknown`: the connection broke or timed out, so the
 * write may or may not have happened; re-read before repeating.
 */
export type WriteOutcome<Stored> =
  | { readonly status: 'done'; readonly record: Stored }
  | { readonly status: 'stale' }
  | { readonly status: 'missing' }
  | { readonly status: 'exists' }
  | { readonly status: 'refused'; readonly problem: ServiceProblem }
  | { readonly status: 'unknown'; readonly message: string };

/** The outcome of one deletion; `missing` when the record was gone already, so that a repeated deletion does no harm. */
export type DeleteOutcome =
  | { readonly status: 'done' }
  | Exclude<WriteOutcome<never>, { readonly status: 'done' | 'exists' }>;
