/** Closes documents that an earlier run opened and could not close (D-21). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { type DocumentState, isSameState, stateOf } from '../../domain/sync/stateSteps.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { closeRows, type RowToClose } from './closeRows.ts';
import type { RunScope } from './runScope.ts';

interface Opened {
  readonly coupling: Coupling;
  readonly end: DocumentState;
}

/**
 * Every row that is still open with an intention on its coupling is put where it was meant to end, whatever has become of
 * the Business Central record since. The coupling keeps waiting for its pass, which writes what was not written. Safe to
 * repeat: an intention goes only once its row is closed, gone, or closed by somebody else.
 */
export async function repairStates(scope: RunScope): Promise<void> {
  const { documentStates } = scope.rule;
  if (documentStates === null || scope.request.dryRun) return;
  const { unsettled } = await scope.retries.before();
  await releaseAgain(
    scope,
    unsettled.filter(({ isReopened }) => isReopened === true),
  );
  const opened = unsettled.flatMap((coupling): readonly Opened[] =>
    coupling.intendedState === undefined ? [] : [{ coupling, end: coupling.intendedState }],
  );
  if (opened.length === 0) return;
  const rows = await rowsOf(scope, opened);
  const { statecode } = documentStates.editable;
  const works = opened.flatMap(({ coupling, end }): readonly RowToClose[] => {
    const row = rows.get(coupling.dataverseId);
    const isLeftOpen = row !== undefined && stateOf(row.values).statecode === statecode;
    return isLeftOpen && !isSameState(stateOf(row.values), end)
      ? [{ row, steps: { end }, failure: null }]
      : [];
  });
  await closeRows(scope, works);
  const failed = new Set(works.filter(({ failure }) => failure !== null).map(({ row }) => row.id));
  await forget(
    scope,
    opened.filter(({ coupling }) => !failed.has(coupling.dataverseId)),
  );
}

async function rowsOf(
  { ports, selections }: RunScope,
  opened: readonly Opened[],
): Promise<ReadonlyMap<string, DataverseRow>> {
  const ids = opened.map(({ coupling }) => coupling.dataverseId);
  const rows = await ports.dataverse.readByIds(selections.dataverse, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

async function forget({ ports, mapping }: RunScope, closed: readonly Opened[]): Promise<void> {
  const writes = closed.map(({ coupling: { intendedState: _end, ...coupling } }): CouplingWrite => {
    return { kind: 'replace', coupling };
  });
  if (writes.length > 0) await ports.couplings.save(mapping.name, writes);
}

/** Orders of Business Central that were reopened are released, as they were meant to be in the end (D-91). */
async function releaseAgain(
  { ports, mapping, rule }: RunScope,
  reopened: readonly Coupling[],
): Promise<void> {
  if (rule.reopens === null || reopened.length === 0) return;
  const outcomes = await ports.businessCentral.act(
    { ...rule.reopens, action: 'release' },
    reopened.map(({ businessCentralId }) => businessCentralId),
  );
  const settled = reopened.filter((_, index) => ['done', 'missing'].includes(outcomes[index]?.status ?? ''));
  const writes = settled.map(({ isReopened: _mark, ...coupling }): CouplingWrite => {
    return { kind: 'replace', coupling };
  });
  if (writes.length > 0) await ports.couplings.save(mapping.name, writes);
}
