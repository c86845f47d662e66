/** Closes the error rows a cut-off run left behind: written, but never handed to a coupling or to the retry list. */
import type { BusinessCentralId, DataverseId, MappingName, SyncErrorId } from '../../domain/common/ids.ts';
import type { SyncError } from '../../domain/logs/syncJob.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { SyncPorts } from '../syncPorts.ts';

const rowsPerPage = 1_000;

/**
 * Resolves open errors that no coupling and no retry entry names; nothing else would ever close them. Their records were
 * not passed by a watermark, so this run meets them again and says anew what is wrong (P5). Only a run after one that did
 * not end well asks. Safe to repeat.
 */
export async function closeStrayErrors(ports: SyncPorts, state: MappingState): Promise<void> {
  if (!state.mayHaveLeftovers) return;
  const retried = (await ports.retries.list(state.mapping)).map(({ errorId }) => errorId);
  const stray: SyncErrorId[] = [];
  let continuation: string | null = null;
  do {
    const page = await openErrors(ports, state.mapping, continuation);
    const named = new Set([...retried, ...(await namedByCouplings(ports, state, page.rows))]);
    stray.push(...page.rows.map(({ id }) => id).filter((id) => !named.has(id)));
    continuation = page.continuation;
  } while (continuation !== null);
  if (stray.length > 0) await ports.logs.resolveErrors(state.mapping, stray, ports.clock.now());
}

function openErrors({ logs }: SyncPorts, mapping: MappingName, continuation: string | null) {
  return logs.listErrors({ mapping, open: true }, { top: rowsPerPage, continuation });
}

async function namedByCouplings(
  { couplings }: SyncPorts,
  { mapping, coupledCount }: MappingState,
  errors: readonly SyncError[],
): Promise<readonly SyncErrorId[]> {
  const ours = present<BusinessCentralId>(errors.map((error) => error.businessCentralId));
  const theirs = present<DataverseId>(errors.map((error) => error.dataverseId));
  const found = [
    ...(await couplings.byBusinessCentralIds(mapping, ours, coupledCount)),
    ...(await couplings.byDataverseIds(mapping, theirs, coupledCount)),
  ];
  return found.flatMap(({ lastError }) => (lastError ? [lastError.errorId] : []));
}

function present<Id>(ids: readonly (Id | null)[]): readonly Id[] {
  return [...new Set(ids.filter((id) => id !== null))];
}
