/** What to do when a write found another version, its own earlier work, or no answer: read again, plan again, once. */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { isWriting, type PlannedAction, type RecordPair } from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import { type AppliedAction, endOf, withoutWrite } from './applyActions.ts';
import { correlateCreates } from './correlateCreates.ts';
import { planActions } from './planActions.ts';
import type { RunScope } from './runScope.ts';
import { targetRowId, type WrittenAction, writeActions } from './writeActions.ts';

/** Re-reads both sides of unsettled writes, plans them anew, and writes what is still needed. */
export async function secondLook(
  scope: RunScope,
  pass: PassDirection,
  open: readonly WrittenAction[],
  context: RuleContext,
): Promise<readonly AppliedAction[]> {
  const pairs = await readAgain(scope, pass, open);
  const ends: AppliedAction[] = [];
  const again: Reread[] = [];
  for (const [index, entry] of open.entries()) {
    const pair = pairs[index];
    if (pair && isComplete(pair)) again.push({ entry, pair });
    else ends.push(stillOpen(pass, entry));
  }
  return [...ends, ...(await planAgain(scope, pass, again, context))];
}

function isComplete(pair: RecordPair): boolean {
  return pair.businessCentral !== null && pair.dataverse !== null;
}

/** A write whose record is not there: an update lost its target; an insert stays unknown and is looked up next run. */
function stillOpen(pass: PassDirection, entry: WrittenAction): AppliedAction {
  if (entry.action.kind !== 'insert') {
    const message = `"${entry.action.name}" is coupled to a record that no longer exists.`;
    return {
      status: 'failed',
      action: entry.action,
      problem: problem('coupled-record-deleted', { message }),
    };
  }
  return endOf(
    pass,
    { ...entry, outcome: { status: 'unknown', message: unknownMessage(entry) } },
    entry.action,
  );
}

function unknownMessage({ action, outcome }: WrittenAction): string {
  const reason = outcome.status === 'unknown' ? outcome.message : 'another record holds its key';
  return `Whether "${action.name}" was created is not known: ${reason}`;
}

interface Reread {
  readonly entry: WrittenAction;
  readonly pair: RecordPair;
}

/** Coupled pairs merge as before; a record that an earlier attempt created is coupled like a match. */
async function planAgain(
  scope: RunScope,
  pass: PassDirection,
  reread: readonly Reread[],
  context: RuleContext,
): Promise<readonly AppliedAction[]> {
  const merged = reread.filter(({ entry }) => entry.action.kind === 'modify');
  const coupled = reread.filter(({ entry }) => entry.action.kind !== 'modify');
  const groups = [
    { pairs: merged.map(({ pair }) => pair), matched: false },
    { pairs: coupled.map(({ pair }) => pair), matched: true },
  ];
  const plans = await planActions(scope, pass, groups, context);
  const written = await writeActions(scope, pass, plans.filter(isWriting));
  const outcomes = new Map<PlannedAction, WrittenAction>(written.map((entry) => [entry.action, entry]));
  const ordered = [...merged, ...coupled];
  return plans.flatMap((plan, index) => {
    const original = ordered[index]?.entry.action;
    return original ? [secondEnd(pass, plan, outcomes.get(plan), original)] : [];
  });
}

function secondEnd(
  pass: PassDirection,
  plan: PlannedAction,
  result: WrittenAction | undefined,
  original: WrittenAction['action'],
): AppliedAction {
  if (result) return endOf(pass, result, original);
  const end = withoutWrite(plan);
  return end.status === 'done' ? { ...end, kind: original.kind } : end;
}

/** Both sides as they are now; for creates, the record the earlier attempt made, if it can be told. */
async function readAgain(
  scope: RunScope,
  pass: PassDirection,
  open: readonly WrittenAction[],
): Promise<readonly RecordPair[]> {
  const created =
    pass === 'toBusinessCentral' ? await correlateCreates(scope, open) : new Map<string, string>();
  const keys = open.map(({ action }) => keysOf(scope, pass, action, created));
  const ours = keys.flatMap(({ businessCentralId }) => businessCentralId ?? []);
  const theirs = keys.flatMap(({ dataverseId }) => dataverseId ?? []);
  const [records, rows] = await Promise.all([
    ours.length > 0 ? scope.ports.businessCentral.readByIds(scope.selections.businessCentral, ours) : [],
    theirs.length > 0 ? scope.ports.dataverse.readByIds(scope.selections.dataverse, theirs) : [],
  ]);
  const byId = new Map<string, BusinessCentralRecord>(records.map((record) => [record.id, record]));
  const byRowId = new Map<string, DataverseRow>(rows.map((row) => [row.id, row]));
  return keys.map(({ businessCentralId, dataverseId }, index) => ({
    businessCentral: byId.get(businessCentralId ?? '') ?? null,
    dataverse: byRowId.get(dataverseId ?? '') ?? null,
    coupling: open[index]?.action.pair.coupling ?? null,
  }));
}

function keysOf(
  scope: RunScope,
  pass: PassDirection,
  action: WrittenAction['action'],
  created: ReadonlyMap<string, string>,
): { readonly businessCentralId: BusinessCentralId | null; readonly dataverseId: DataverseId | null } {
  const { businessCentralId, dataverseId, kind } = action;
  if (kind !== 'insert') return { businessCentralId, dataverseId };
  if (pass === 'toDataverse') return { businessCentralId, dataverseId: targetRowId(scope, action) };
  const found = created.get(dataverseId ?? '');
  return { businessCentralId: (found as BusinessCentralId | undefined) ?? null, dataverseId };
}
