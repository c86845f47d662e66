/** Closes documents that an earlier run opened and could not close (D-21). */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { isToldUnreleased, notReleased, releasedCoupling } from '../../domain/documents/unreleasedOrders.ts';
import { type DocumentState, isSameState, stateOf } from '../../domain/sync/stateSteps.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { AppliedAction } from './applyActions.ts';
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

/**
 * Orders of Business Central that were reopened, or made and not released, are released, as they were meant to be in the end
 * (D-91). Their errors close with that; those that stay open keep their mark, and fail once more in their pass.
 */
async function releaseAgain(scope: RunScope, marked: readonly Coupling[]): Promise<void> {
  const { ports, mapping, rule } = scope;
  if (rule.reopens === null || marked.length === 0) return;
  const outcomes = await ports.businessCentral.act(
    { ...rule.reopens, action: 'release' },
    marked.map(({ businessCentralId }) => businessCentralId),
  );
  const settled = marked.filter((_, index) => ['done', 'missing'].includes(outcomes[index]?.status ?? ''));
  for (const [index, coupling] of marked.entries()) {
    if (settled.includes(coupling)) continue;
    const outcome = outcomes[index];
    const told = outcome !== undefined && 'problem' in outcome ? outcome.problem.message : null;
    const names = { number: coupling.businessCentralName, name: coupling.dataverseName };
    scope.reopened.add(coupling.businessCentralId);
    scope.unreleased.set(coupling.businessCentralId, notReleased(names, told));
  }
  const errorIds = settled.filter(isToldUnreleased).flatMap(({ lastError }) => lastError?.errorId ?? []);
  if (errorIds.length > 0) await ports.logs.resolveErrors(mapping.name, errorIds, ports.clock.now());
  const writes = settled.map((coupling): CouplingWrite => {
    return { kind: 'replace', coupling: releasedCoupling(coupling) };
  });
  if (writes.length > 0) await ports.couplings.save(mapping.name, writes);
}

/** Orders that could not be released fail until they are, whatever else was done with them (D-91). */
export function withUnreleased(
  { reopened, unreleased }: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
): readonly AppliedAction[] {
  if (pass === 'toDataverse' || unreleased.size === 0) return ends;
  return ends.map((end) => {
    if (end.status !== 'done' || !reopened.has(end.businessCentral.id)) return end;
    const raised = unreleased.get(end.businessCentral.id);
    return raised === undefined ? end : { ...end, followUpProblem: end.followUpProblem ?? raised };
  });
}
