/** Orders that were meant to be released and are not (D-91). */
import type { SyncErrorId, SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { Coupling } from '../couplings/coupling.ts';
import type { SyncError } from '../logs/syncJob.ts';
import { fingerprintOf, problem, type RecordProblem } from '../sync/problems.ts';
import { failedCoupling } from '../sync/settle.ts';

/** What keeps an order open; `told` is what Business Central said of it, null where it said nothing. */
export function notReleased(
  { number, name }: { readonly number: string; readonly name: string },
  told: string | null,
): RecordProblem {
  const reason = told ?? 'the answer did not tell the outcome.';
  const message = `The order ${number} ("${name}") is complete and was not released in Business Central: ${reason}`;
  return problem('ORDER_NOT_RELEASED', { message, ...(told === null ? { kind: 'transient' } : {}) });
}

/** The row of the error log, and the coupling that names it and stays marked until the order is released. Pure. */
export function unreleasedFailure(
  coupling: Coupling,
  raised: RecordProblem,
  at: { readonly errorId: SyncErrorId; readonly syncJobId: SyncJobId; readonly occurredAt: Instant },
): { readonly error: SyncError; readonly coupling: Coupling } {
  const { errorId, syncJobId, occurredAt } = at;
  const { mapping, businessCentralId, dataverseId, businessCentralName: name } = coupling;
  const { code, kind, message, field, suggestion } = raised;
  return {
    error: {
      ...{ id: errorId, syncJobId, mapping, direction: 'toBusinessCentral', businessCentralId, dataverseId },
      ...{ name, code, kind, message, field, suggestion, occurredAt, resolvedAt: null },
    },
    coupling: failedCoupling({
      coupling: { ...coupling, isReopened: true },
      ...{ pass: 'toBusinessCentral', skipped: false, fingerprint: fingerprintOf(raised), syncJobId },
      lastError: { errorId, code, message, occurredAt },
    }),
  };
}

/** The coupling of an order that is released now, or gone: the mark goes, and the failure that told of it. */
export function releasedCoupling({ isReopened: _mark, ...coupling }: Coupling): Coupling {
  if (!isToldUnreleased(coupling)) return coupling;
  return { ...coupling, state: 'pending', toBusinessCentral: null, lastError: null };
}

/** Whether the open error of the coupling tells that its order is not released. */
export function isToldUnreleased({ lastError }: Pick<Coupling, 'lastError'>): boolean {
  return lastError?.code === 'ORDER_NOT_RELEASED';
}
