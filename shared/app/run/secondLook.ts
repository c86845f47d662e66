/** What to do when a write found another version, its own earlier work, or no answer: read again, plan again, once. */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { BaseDigests } from '../../domain/couplings/coupling.ts';
import { baseOfOwnRow } from '../../domain/sync/correlate.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { isWriting, type PlannedAction, type RecordPair } from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import { type AppliedAction, endOf, withoutWrite } from './applyActions.ts';
import { recogniseCreates } from './correlateCreates.ts';
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
    const found = pairs[index];
    if (found && isComplete(found.pair)) again.push({ entry, ...found });
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
  const { action, outcome } = entry;
  if (pass === 'toBusinessCentral' && outcome.status === 'exists') return keyTaken(action);
  const reason = outcome.status === 'unknown' ? outcome.message : 'it is there, and cannot be read';
  const message = `Whether "${action.name}" was created is not known: ${reason}`;
  return endOf(pass, { ...entry, outcome: { status: 'unknown', message } }, action);
}

/** None of our creates made the record that holds the key: it is another's, and a user has to decide. */
function keyTaken(action: WrittenAction['action']): AppliedAction {
  const message = `"${action.name}" was not created, because another record of Business Central has its key.`;
  return { status: 'failed', action, problem: problem('insert-failed', { message, parameters: ['exists'] }) };
}

interface Reread {
  readonly entry: WrittenAction;
  readonly pair: RecordPair;
  /** The base of a record that an earlier attempt of this run made; null when it is not known. */
  readonly base: BaseDigests | null;
}

/** Coupled pairs merge as before; a record that an earlier attempt created merges from its base, or is coupled like a match. */
async function planAgain(
  scope: RunScope,
  pass: PassDirection,
  reread: readonly Reread[],
  context: RuleContext,
): Promise<readonly AppliedAction[]> {
  const merged = reread.filter(({ entry }) => entry.action.kind === 'modify');
  const coupled = reread.filter(({ entry, base }) => entry.action.kind !== 'modify' && base === null);
  const own = reread.flatMap(({ entry, pair, base }) => (base === null ? [] : [{ entry, pair, base }]));
  const groups = [
    { pairs: merged.map(({ pair }) => pair), matched: false },
    { pairs: coupled.map(({ pair }) => pair), matched: true, ownCreates: own },
  ];
  const plans = await planActions(scope, pass, groups, context);
  const written = await writeActions(scope, pass, plans.filter(isWriting));
  const outcomes = new Map<PlannedAction, WrittenAction>(written.map((entry) => [entry.action, entry]));
  const ordered = [...merged, ...coupled, ...own];
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
): Promise<readonly Pick<Reread, 'pair' | 'base'>[]> {
  const created = pass === 'toBusinessCentral' ? await createdRecords(scope, open) : none;
  const keys = open.map(({ action }) => keysOf(scope, pass, action, created));
  const ours = keys.flatMap(({ businessCentralId }) => businessCentralId ?? []);
  const theirs = keys.flatMap(({ dataverseId }) => dataverseId ?? []);
  const [records, rows] = await Promise.all([
    ours.length > 0 ? scope.ports.businessCentral.readByIds(scope.selections.businessCentral, ours) : [],
    theirs.length > 0 ? scope.ports.dataverse.readByIds(scope.selections.dataverse, theirs) : [],
  ]);
  const byId = new Map<string, BusinessCentralRecord>(records.map((record) => [record.id, record]));
  const byRowId = new Map<string, DataverseRow>(rows.map((row) => [row.id, row]));
  return keys.map(({ businessCentralId, dataverseId }, index) => {
    const action = open[index]?.action;
    const row = byRowId.get(dataverseId ?? '') ?? null;
    const pair = {
      businessCentral: byId.get(businessCentralId ?? '') ?? null,
      dataverse: row,
      coupling: action?.pair.coupling ?? null,
    };
    return { pair, base: action ? baseOf(scope, pass, action, row, created) : null };
  });
}

/**
 * What a record of ours had when it was made. A row that only this program has written holds nothing of a user: Business
 * Central's values win. Once a user wrote it, what differs from what we sent is the user's (P1). What we sent is known as
 * long as the record was not changed after the row was made; else nothing is, and what differs is a conflict.
 */
function baseOf(
  scope: RunScope,
  pass: PassDirection,
  action: WrittenAction['action'],
  row: DataverseRow | null,
  created: CreatedRecords,
): BaseDigests | null {
  if (action.kind !== 'insert') return null;
  if (pass === 'toBusinessCentral') return created.get(action.dataverseId ?? '')?.base ?? null;
  const ours = action.pair.businessCentral;
  if (row === null || ours === null || row.modifiedBy === scope.identity.userId) return null;
  if (String(row.values['createdon'] ?? '') < ours.modifiedAt) return {};
  return baseOfOwnRow(scope.mapping, scope.digest, ours.values, action.values);
}

/** What creates made, by Dataverse id. */
type CreatedRecords = ReadonlyMap<string, { readonly id: BusinessCentralId; readonly base: BaseDigests }>;

const none: CreatedRecords = new Map();

/** The one record each create made, by Dataverse id; creates with no or several such records are absent. */
async function createdRecords(scope: RunScope, open: readonly WrittenAction[]): Promise<CreatedRecords> {
  const ids = new Set(
    open.flatMap(({ action }) =>
      action.kind === 'insert' && action.dataverseId ? [action.dataverseId] : [],
    ),
  );
  const intents = ids.size > 0 ? await scope.ports.couplings.intents(scope.mapping.name) : [];
  const found = new Map<string, { readonly id: BusinessCentralId; readonly base: BaseDigests }>();
  for (const { intent, same } of await recogniseCreates(
    scope,
    intents.filter(({ dataverseId }) => ids.has(dataverseId)),
  )) {
    const [only, second] = same;
    if (only && !second) found.set(intent.dataverseId, { id: only.id, base: intent.base });
  }
  return found;
}

function keysOf(
  scope: RunScope,
  pass: PassDirection,
  action: WrittenAction['action'],
  created: CreatedRecords,
): { readonly businessCentralId: BusinessCentralId | null; readonly dataverseId: DataverseId | null } {
  const { businessCentralId, dataverseId, kind } = action;
  if (kind !== 'insert') return { businessCentralId, dataverseId };
  if (pass === 'toDataverse') return { businessCentralId, dataverseId: targetRowId(scope, action) };
  return { businessCentralId: created.get(dataverseId ?? '')?.id ?? null, dataverseId };
}
