/** Remembers the failures of a page: error rows, marks on couplings, and the retry list. */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { SyncErrorId, SyncJobId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import type { SyncError } from '../../domain/logs/syncJob.ts';
import { lastResult } from '../../domain/sync/changed.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { becomesSkipped, type FailureFacts, retryRecordOf, syncErrorOf } from '../../domain/sync/outcome.ts';
import { fingerprintOf } from '../../domain/sync/problems.ts';
import { failedCoupling } from '../../domain/sync/settle.ts';
import type { AppliedAction } from './applyActions.ts';
import type { RunScope } from './runScope.ts';

type Failed = Extract<AppliedAction, { status: 'failed' }>;

/** What remembering a page's ends works with. */
export interface PassFacts {
  readonly scope: RunScope;
  readonly pass: PassDirection;
  readonly syncJobId: SyncJobId;
  readonly context: RuleContext;
  readonly retries: ReadonlyMap<string, RetryRecord>;
}

/** Writes one error row per failure; coupled records are marked, others go to the retry list. */
export async function saveFailures(
  facts: PassFacts,
  failed: readonly Failed[],
): Promise<{ readonly skipped: number }> {
  if (failed.length === 0) return { skipped: 0 };
  facts.scope.retries.mayStand = true;
  const { ports, mapping } = facts.scope;
  const errors: SyncError[] = [];
  const couplings: Coupling[] = [];
  const entries: RetryRecord[] = [];
  const replaced: SyncErrorId[] = [];
  for (const end of failed) {
    const failure = failureFacts(facts, end);
    errors.push(syncErrorOf(failure));
    const { coupling } = end.action.pair;
    if (coupling) {
      couplings.push(markFailed(failure, stillOpen(facts, coupling)));
      if (coupling.lastError) replaced.push(coupling.lastError.errorId);
    } else {
      const previous = facts.retries.get(sourceId(end) ?? '') ?? null;
      const entry = retryRecordOf(failure, previous);
      if (entry) entries.push(entry);
      if (previous) replaced.push(previous.errorId);
    }
  }
  await ports.logs.saveErrors(errors);
  if (couplings.length > 0) {
    await ports.couplings.save(
      mapping.name,
      couplings.map((coupling) => ({ kind: 'replace', coupling })),
    );
  }
  if (entries.length > 0) await ports.retries.save(entries);
  if (replaced.length > 0) await ports.logs.resolveErrors(mapping.name, replaced, ports.clock.now());
  const marked = [
    ...couplings.map(({ state }) => state === 'skipped'),
    ...entries.map(({ skipped }) => skipped),
  ];
  return { skipped: marked.filter(Boolean).length };
}

/** A document that may still be open keeps the state it is to end in (D-21). */
function stillOpen({ scope }: PassFacts, coupling: Coupling): Coupling {
  const end = scope.openEnds.get(coupling.businessCentralId);
  const stated = end === undefined ? coupling : { ...coupling, intendedState: end };
  return scope.reopened.has(coupling.businessCentralId) ? { ...stated, isReopened: true } : stated;
}

function sourceId({ action }: Failed): string | null {
  return action.direction === 'toDataverse' ? action.businessCentralId : action.dataverseId;
}

function failureFacts({ scope, pass, syncJobId }: PassFacts, end: Failed): FailureFacts {
  const at = scope.ports.clock.now();
  const errorId = scope.ports.ids.syncErrorId(at);
  const { action, problem: raised } = end;
  return { mapping: scope.mapping.name, direction: pass, action, problem: raised, errorId, syncJobId, at };
}

function markFailed(failure: FailureFacts, coupling: Coupling): Coupling {
  const { problem: raised, direction: pass, syncJobId, errorId, at } = failure;
  const previous = lastResult(coupling, pass)?.fingerprint ?? null;
  return failedCoupling({
    coupling,
    pass,
    skipped: becomesSkipped(previous, raised),
    fingerprint: fingerprintOf(raised),
    syncJobId,
    lastError: { errorId, code: raised.code, message: raised.message, occurredAt: at },
  });
}
