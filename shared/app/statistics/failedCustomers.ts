/** Customers whose statistics failed: an error row each, and a skip where somebody has to decide (ST-24). */
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { SyncError } from '../../domain/logs/syncJob.ts';
import type { WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import type { RecordProblem } from '../../domain/sync/problems.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { releaseLease, takeLease } from '../run/lease.ts';
import type { StatisticsRun } from './statisticsRun.ts';
import { statisticsJob } from './statisticsSolution.ts';

/** What went wrong with one customer. */
export interface FailedCustomer {
  readonly coupling: Coupling;
  readonly problem: RecordProblem;
  readonly written: WrittenStatistics | null;
}

/** Codes after which nothing is tried again until a user takes the skip off. */
export const skippingCodes: readonly string[] = ['STAT_ACCOUNT_NOT_FOUND', 'STAT_CUSTOMER_NOT_FOUND'];

/**
 * Writes the errors, remembers them, and marks couplings. A failure that repeats keeps its error row. Safe to repeat.
 */
export async function recordFailures(run: StatisticsRun, failed: readonly FailedCustomer[]): Promise<void> {
  if (failed.length === 0) return;
  const { ports } = run;
  const errors = failed.map((each) => errorOf(run, each));
  await ports.logs.saveErrors(errors);
  await ports.statistics.save(
    failed.map(({ coupling, written }, index): WrittenStatistics => {
      const { businessCentralId, dataverseId: accountId } = coupling;
      const statisticsId = written?.statisticsId ?? null;
      return { businessCentralId, accountId, statisticsId, digest: null, errorId: errors[index]?.id ?? null };
    }),
  );
  const skipped = failed.flatMap((each, index) => {
    const error = errors[index];
    return error && skippingCodes.includes(each.problem.code) ? [{ coupling: each.coupling, error }] : [];
  });
  if (skipped.length > 0) await skip(run, skipped);
}

function errorOf(
  { ports, syncJob }: StatisticsRun,
  { coupling, problem, written }: FailedCustomer,
): SyncError {
  const occurredAt = ports.clock.now();
  const { code, kind, message, field, suggestion } = problem;
  return {
    ...{ code, kind, message, field, suggestion, occurredAt },
    id: written?.errorId ?? ports.ids.syncErrorId(occurredAt),
    syncJobId: syncJob.id,
    mapping: statisticsJob,
    direction: 'toDataverse',
    businessCentralId: coupling.businessCentralId,
    dataverseId: coupling.dataverseId,
    name: coupling.businessCentralName,
    resolvedAt: null,
  };
}

/**
 * Under the lease of the mapping the couplings belong to, and on couplings as they are now. While another run holds it
 * nothing is marked: the next run of statistics meets the same failure and tries again.
 */
async function skip(
  { ports, runId }: StatisticsRun,
  failed: readonly { readonly coupling: Coupling; readonly error: SyncError }[],
): Promise<void> {
  const [first] = failed;
  const held = first ? await takeLease(ports, first.coupling.mapping, runId) : null;
  if (!first || !held) return;
  try {
    const ids = failed.map(({ coupling }) => coupling.businessCentralId);
    const { mapping } = first.coupling;
    const present = await ports.couplings.byBusinessCentralIds(mapping, ids, held.state.coupledCount);
    const writes = present.flatMap((coupling): readonly CouplingWrite[] => {
      const error = failed.find(
        (each) => each.coupling.businessCentralId === coupling.businessCentralId,
      )?.error;
      if (!error || coupling.dataverseId !== error.dataverseId) return [];
      const { id: errorId, code, message, occurredAt } = error;
      const lastError = { errorId, code, message, occurredAt };
      return [{ kind: 'replace', coupling: { ...coupling, state: 'skipped', lastError } }];
    });
    if (writes.length > 0) await ports.couplings.save(mapping, writes);
  } finally {
    await releaseLease(ports, held, { ...held.state, mayHaveRetries: true });
  }
}
