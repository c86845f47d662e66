/** Errors of any origin as failures of the product. */
import { SyncFailure } from '../../domain/common/failures.ts';

/** A SyncFailure as it is; anything else as kind `bug`, code `unexpected`. */
export function asFailure(error: unknown): SyncFailure {
  if (error instanceof SyncFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SyncFailure({ kind: 'bug', code: 'unexpected', message, cause: error });
}
