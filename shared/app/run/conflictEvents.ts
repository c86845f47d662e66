/** Tells how many records of a page were in conflict, and what became of them (J-115). */
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { AppliedAction } from './applyActions.ts';
import type { PassFacts } from './recordOutcomes.ts';

/** One event per page and kind, with the number of records and no record; none where there was no conflict. */
export function logConflicts(
  {
    scope,
    pass,
  }: Pick<PassFacts, 'pass'> & { readonly scope: Pick<PassFacts['scope'], 'mapping' | 'request' | 'ports'> },
  ends: readonly AppliedAction[],
): void {
  const { name: mapping } = scope.mapping;
  const { runId } = scope.request;
  const { log }: Pick<SyncPorts, 'log'> = scope.ports;
  const number = (is: (end: AppliedAction) => boolean) => ends.filter(is).length;
  const about = (records: number) => ({ mapping, runId, direction: pass, records });

  const open = number((end) => failedWith(end, 'update-conflict'));
  if (open > 0) log('warning', 'update-conflict-open', about(open));
  const decided = number(({ action }) => isLost(action));
  if (decided > 0) log('information', 'update-conflict-decided', about(decided));
  const deleted = number((end) => failedWith(end, 'coupled-record-deleted'));
  if (deleted > 0) log('warning', 'deletion-conflict-open', about(deleted));
  const uncoupled = number(({ status }) => status === 'uncoupled');
  if (uncoupled > 0) log('information', 'deletion-conflict-uncoupled', about(uncoupled));
  const restored = number(({ status, action }) => status === 'done' && isRestored(action));
  if (restored > 0) log('information', 'deletion-conflict-restored', about(restored));
}

function failedWith(end: AppliedAction, code: string): boolean {
  return end.status === 'failed' && end.problem.code === code;
}

/** The mapping's rule left every changed field to the other side (E-37). */
function isLost(action: PlannedAction): boolean {
  return action.kind === 'skip' && action.code === 'conflict-lost';
}

/** A coupled record gets a new counterpart only where its old one is gone (E-39). */
function isRestored({ kind, pair }: PlannedAction): boolean {
  return kind === 'insert' && pair.coupling !== null;
}
