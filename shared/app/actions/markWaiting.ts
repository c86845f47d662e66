/** Couplings that lost a record wait for a user, with the error that says why (E-143, E-145). */
import { markedLost, passOfLost } from '../../domain/actions/coupledDataErrors.ts';
import type { SyncError, SyncJob } from '../../domain/logs/syncJob.ts';
import type { RecordProblem } from '../../domain/sync/problems.ts';
import type { RunScope } from '../run/runScope.ts';
import type { ExistingPair } from './existingPairs.ts';

/** A coupling of which one record is gone, and what is wrong with it. */
export interface WaitingPair {
  readonly pair: ExistingPair;
  readonly raised: RecordProblem;
}

/** Writes the errors, then the couplings that name them, and closes what was said before. Safe to repeat. */
export async function markWaiting(
  scope: RunScope,
  syncJob: SyncJob,
  waiting: readonly WaitingPair[],
): Promise<void> {
  if (waiting.length === 0 || scope.request.dryRun) return;
  const { ports, mapping } = scope;
  const marked = waiting.map((each) => ({ ...each, error: errorOf(scope, syncJob, each) }));
  await ports.logs.saveErrors(marked.map(({ error }) => error));
  const writes = marked.map(({ pair, error }) => {
    const { id: errorId, code, message, occurredAt, syncJobId } = error;
    const raised = { syncJobId, lastError: { errorId, code, message, occurredAt } };
    return { kind: 'replace' as const, coupling: markedLost(mapping, pair.coupling, pair, raised) };
  });
  await ports.couplings.save(mapping.name, writes);
  const replaced = waiting.flatMap(({ pair }) => pair.coupling.lastError?.errorId ?? []);
  if (replaced.length > 0) await ports.logs.resolveErrors(mapping.name, replaced, ports.clock.now());
}

function errorOf({ ports, mapping }: RunScope, syncJob: SyncJob, { pair, raised }: WaitingPair): SyncError {
  const occurredAt = ports.clock.now();
  const { businessCentralId, dataverseId, businessCentralName, dataverseName } = pair.coupling;
  const { code, kind, message, field, suggestion } = raised;
  return {
    ...{ businessCentralId, dataverseId, code, kind, message, field, suggestion, occurredAt },
    id: ports.ids.syncErrorId(occurredAt),
    name: pair.businessCentral === null ? dataverseName : businessCentralName,
    syncJobId: syncJob.id,
    mapping: mapping.name,
    direction: passOfLost(mapping.direction, pair),
    resolvedAt: null,
  };
}
