/** Sends planned writes to the target system in batches and tells what became of each. */
import type { PassDirection } from '../../domain/common/directions.ts';
import { invariant } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../../domain/common/records.ts';
import type { CreateIntent } from '../../domain/couplings/coupling.ts';
import { dataverseIdFor } from '../../domain/couplings/dataverseIdFor.ts';
import { baseOfCreate, sentDigests } from '../../domain/sync/correlate.ts';
import { detailId, detailValues, mostDetails } from '../../domain/sync/details.ts';
import type { WritingAction } from '../../domain/sync/planTypes.ts';
import type { DataverseChange, DataverseInsert } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { ordersOfHeaders, rowsOfHeaders, whileOrdersAreOpen, whileRowsAreOpen } from './openHeaders.ts';
import type { RunScope } from './runScope.ts';
import { updateInStates, updatesOf } from './writeInStates.ts';
import { updateReopened } from './writeReopened.ts';

type Stored = BusinessCentralRecord | DataverseRow;

/** A write and its outcome. */
export interface WrittenAction {
  readonly action: WritingAction;
  readonly outcome: WriteOutcome<Stored>;
}

/** The key a new row gets; the same record always gets the same. */
export function targetRowId(scope: RunScope, action: WritingAction): DataverseId {
  invariant(action.businessCentralId !== null, 'an insert into Dataverse has a Business Central record');
  const replaced = action.pair.coupling?.dataverseId ?? null;
  return dataverseIdFor(scope.companyId, scope.mapping.name, action.businessCentralId, replaced);
}

/** Writes inserts and updates; the order of the result is that of the actions. */
export async function writeActions(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly WritingAction[],
): Promise<readonly WrittenAction[]> {
  const inserts = actions.filter((action) => action.kind === 'insert');
  const updates = actions.filter(
    (action) => action.kind !== 'insert' && Object.keys(action.values).length > 0,
  );
  const [inserted, updated] = await whileHeadersAreOpen<BothOutcomes>(
    scope,
    pass,
    [...inserts, ...updates],
    () =>
      pass === 'toDataverse'
        ? Promise.all([insertRows(scope, inserts), updateRows(scope, updates)])
        : Promise.all([insertRecords(scope, inserts), updateRecords(scope, updates)]),
  );
  const outcomes = new Map<WritingAction, WriteOutcome<Stored>>();
  for (const [index, action] of inserts.entries()) outcomes.set(action, inserted[index] ?? lost);
  for (const [index, action] of updates.entries()) outcomes.set(action, updated[index] ?? lost);
  return actions.map((action) => ({ action, outcome: outcomes.get(action) ?? nothingToWrite(pass, action) }));
}

/** Of inserts and of updates. */
type BothOutcomes = readonly [readonly WriteOutcome<Stored>[], readonly WriteOutcome<Stored>[]];

/** Only lines have headers; documents and master data are written as they are. */
function whileHeadersAreOpen<Result>(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly WritingAction[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (scope.rule.header === null || actions.length === 0) return work();
  return pass === 'toDataverse'
    ? whileRowsAreOpen(scope, rowsOfHeaders(scope, actions), work)
    : whileOrdersAreOpen(scope, ordersOfHeaders(scope, actions), work);
}

const lost: WriteOutcome<never> = { status: 'unknown', message: 'The answer did not tell the outcome.' };

/** Coupling two records that are equal needs no request. */
function nothingToWrite(pass: PassDirection, action: WritingAction): WriteOutcome<Stored> {
  const record = pass === 'toDataverse' ? action.pair.dataverse : action.pair.businessCentral;
  invariant(record !== null, 'an action without values has both records');
  return { status: 'done', record };
}

async function insertRows(scope: RunScope, actions: readonly WritingAction[]) {
  if (actions.length === 0) return [];
  const inserts = actions.map((action) => rowInsert(scope, action));
  return scope.ports.dataverse.create(scope.selections.dataverse, inserts);
}

/** A row with its details: what can be written only after they are there comes last (D-16, E-110). */
function rowInsert(scope: RunScope, action: WritingAction): DataverseInsert {
  const id = targetRowId(scope, action);
  const { table } = scope.mapping.dataverse;
  const { values, details = [], afterDetails = [] } = action;
  if (details.length === 0) return { id, values };
  const parent = { table, id };
  const sent = details.slice(0, mostDetails);
  const made = sent.map((detail): DataverseChange => {
    return {
      kind: 'create',
      table: detail.table,
      id: detailId(scope.companyId, detail, parent),
      values: detailValues(detail, parent),
    };
  });
  const later = sent.flatMap(({ table: of, later: changes }, index): readonly DataverseChange[] =>
    Object.keys(changes).length === 0
      ? []
      : [{ kind: 'update', table: of, id: made[index]?.id ?? id, values: changes }],
  );
  // Where not all details fit, what depends on all of them is left to the follow-ups.
  const last = sent.length < details.length ? [] : afterDetails;
  const own = last.map((changes): DataverseChange => ({ kind: 'update', table, id, values: changes }));
  return { id, values, together: [...made, ...later, ...own] };
}

async function updateRows(scope: RunScope, actions: readonly WritingAction[]) {
  if (actions.length === 0) return [];
  const { documentStates } = scope.rule;
  if (documentStates !== null) return updateInStates(scope, documentStates, updatesOf(actions));
  const updates = actions.map(({ pair, values }) => {
    invariant(pair.dataverse !== null, 'an update has a row');
    return { id: pair.dataverse.id, etag: pair.dataverse.etag, values };
  });
  return scope.ports.dataverse.update(scope.selections.dataverse, updates);
}

/** Intents are written first, so that a create whose outcome gets lost is looked up and never repeated blindly. */
async function insertRecords(scope: RunScope, actions: readonly WritingAction[]) {
  if (actions.length === 0) return [];
  const { ports, mapping, selections } = scope;
  scope.begunCreates.mayStand = true;
  const intents = await intentsOf(scope, actions);
  await ports.couplings.saveIntents(intents);
  const inserts = actions.map((action) => ({ values: action.values as FieldValues }));
  const outcomes = await ports.businessCentral.create(selections.businessCentral, inserts);
  const refused = intents.filter((_, index) => ['refused', 'exists'].includes(outcomes[index]?.status ?? ''));
  if (refused.length > 0) {
    await ports.couplings.removeIntents(
      mapping.name,
      refused.map((intent) => intent.dataverseId),
    );
  }
  return outcomes;
}

/** A create that is sent once more is still looked for from the time it was sent first. */
async function intentsOf(
  scope: RunScope,
  actions: readonly WritingAction[],
): Promise<readonly CreateIntent[]> {
  const { mapping, digest } = scope;
  const now = scope.ports.clock.now();
  const before = await scope.begunCreates.before();
  const first = new Map<string, Instant>(before.map((intent) => [intent.dataverseId, intent.startedAt]));
  return actions.map((action) => {
    const row = action.pair.dataverse;
    invariant(row !== null, 'an insert into Business Central has a row');
    const values = action.values as FieldValues;
    return {
      mapping: mapping.name,
      dataverseId: row.id,
      startedAt: first.get(row.id) ?? now,
      sent: sentDigests(mapping, digest, values),
      base: baseOfCreate(mapping, digest, values, row.values),
    };
  });
}

async function updateRecords(scope: RunScope, actions: readonly WritingAction[]) {
  if (actions.length === 0) return [];
  const updates = actions.map(({ pair, values }) => {
    invariant(pair.businessCentral !== null, 'an update has a record');
    return { record: pair.businessCentral, values: values as FieldValues };
  });
  const { reopens } = scope.rule;
  if (reopens !== null) {
    const reopened = updates.map((update, index) => {
      return { ...update, coupling: actions[index]?.pair.coupling ?? null };
    });
    return updateReopened(scope, reopens, reopened);
  }
  return scope.ports.businessCentral.update(scope.selections.businessCentral, updates);
}
