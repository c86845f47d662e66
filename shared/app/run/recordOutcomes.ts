/** Stage 6 of a pass: remembers what happened, couplings first, then errors and the retry list. */
import { type PassDirection, sourceSide, targetSide } from '../../domain/common/directions.ts';
import type { SyncErrorId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { lastResult, ruleInputPrefix } from '../../domain/sync/changed.ts';
import { changedSinceBase } from '../../domain/sync/digests.ts';
import { counterOf, counterOfAction } from '../../domain/sync/outcome.ts';
import { problem } from '../../domain/sync/problems.ts';
import { resolvesConflict, settledCoupling, unappliedFields } from '../../domain/sync/settle.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { AppliedAction } from './applyActions.ts';
import { isToComplete } from './completeOrders.ts';
import { logConflicts } from './conflictEvents.ts';
import { isToFinish } from './finishOrders.ts';
import { type PassFacts, saveFailures } from './saveFailures.ts';

export type { PassFacts } from './saveFailures.ts';

type Done = Extract<AppliedAction, { status: 'done' }>;
type Uncoupled = Extract<AppliedAction, { status: 'uncoupled' }>;
type Failed = Extract<AppliedAction, { status: 'failed' }>;

/** What one page added. */
export interface RecordedPage {
  readonly counts: Counters;
  /** Couplings made less couplings removed, for the look-up hint of the mapping. */
  readonly coupled: number;
}

/** Writes couplings, errors and retry entries of a page. Safe to repeat with the same ends. */
export async function recordOutcomes(
  facts: PassFacts,
  ends: readonly AppliedAction[],
): Promise<RecordedPage> {
  logConflicts(facts, ends);
  const settled = ends.filter((end) => end.status === 'done').map((end) => settle(facts, end));
  if (settled.some(({ coupling }) => coupling.state !== 'synchronized')) facts.scope.retries.mayStand = true;
  const uncoupled = ends.filter((end) => end.status === 'uncoupled');
  const taken = await saveCouplings(facts, settled);
  await removeCouplings(facts, uncoupled);
  const kept = settled.filter(({ end }) => !taken.has(end));
  const complete = kept.filter(isComplete).map(({ end }) => end);
  const failed: readonly Failed[] = [
    ...ends.filter((end) => end.status === 'failed'),
    ...[...taken].map(takenFailure),
    ...kept.flatMap(incompleteFailure),
    ...kept.flatMap((entry) => followUpFailure(facts, entry)),
  ];
  const { skipped } = await saveFailures(facts, failed);
  await clearFailures(facts, [...complete, ...uncoupled]);
  const left = ends.filter((end) => end.status === 'left');
  const counts = countEnds([...complete, ...uncoupled, ...left], failed.length - skipped, skipped);
  const made = kept.filter(({ end }) => end.action.pair.coupling === null).length;
  return { counts, coupled: made - uncoupled.length };
}

function countEnds(ends: readonly AppliedAction[], failed: number, skipped: number): Counters {
  let counts = addCounters(zeroCounters, { failed, skipped });
  for (const end of ends) {
    const counter = end.status === 'done' ? counterOf(end.kind) : counterOfAction(end.action);
    counts = addCounters(counts, { [counter]: 1 });
  }
  return counts;
}

function takenFailure(end: Done): Failed {
  const message = `"${end.action.name}" or its counterpart is already coupled to another record.`;
  return { status: 'failed', action: end.action, problem: problem('already-coupled', { message }) };
}

/** A finished action with the coupling it leads to, and the fields that have to be sent again. */
interface Settled {
  readonly end: Done;
  readonly coupling: Coupling;
  readonly unapplied: readonly string[];
}

function settle(facts: PassFacts, end: Done): Settled {
  const { scope, pass, syncJobId } = facts;
  const { action, businessCentral, dataverse } = end;
  const settledFields = 'settledFields' in action ? action.settledFields : [];
  const stored = pass === 'toDataverse' ? dataverse : businessCentral;
  const sent = action.kind === 'insert' ? action.values : {};
  const unapplied = unappliedFields(scope.mapping, pass, sent, stored.values);
  const settled = settledCoupling({
    mapping: scope.mapping,
    pass,
    // A new record starts a new history, also where it takes the place of a deleted one (E-6).
    coupling: action.kind === 'insert' ? null : action.pair.coupling,
    manner: scope.request.manner,
    businessCentral,
    dataverse,
    settledFields,
    unsentFields: 'unsentFields' in action ? action.unsentFields : [],
    waitingFields: action.kind === 'couple' ? action.waitingFields : [],
    unappliedFields: unapplied,
    ruleInputs: ruleInputs(facts, end),
    digest: scope.digest,
    syncJobId,
    at: scope.ports.clock.now(),
  });
  const isOpen = isToFinish(scope, pass, end, facts.context) || isToComplete(scope, pass, end);
  const coupling = isOpen ? waiting(settled, pass) : settled;
  return { end, coupling, unapplied };
}

/** Met again by the next run. */
function waiting(coupling: Coupling, pass: PassDirection): Coupling {
  return { ...coupling, state: 'pending', [pass]: null };
}

/**
 * The source's inputs have been followed. Those of the target are this write's own consequence, unless somebody changed
 * them before it: then they wait for the other pass.
 */
function ruleInputs({ scope, pass, context }: PassFacts, end: Done) {
  const { action, businessCentral, dataverse } = end;
  const inputs = {
    businessCentral: scope.rule.inputs('toDataverse', businessCentral, context),
    dataverse: scope.rule.inputs('toBusinessCentral', dataverse, context),
  };
  // Amounts that are still to be sent are followed once they are (D-90).
  if (isToComplete(scope, pass, end)) return { businessCentral: inputs.businessCentral };
  const target = targetSide(pass);
  const before = action.pair[target];
  const other: PassDirection = pass === 'toDataverse' ? 'toBusinessCentral' : 'toDataverse';
  const base = action.pair.coupling?.base ?? {};
  const wasChanged = Object.entries(before ? scope.rule.inputs(other, before, context) : {}).some(
    ([name, value]) => {
      const id = ruleInputPrefix + name;
      return changedSinceBase(scope.digest, id, base[id], target, value) !== false;
    },
  );
  return action.kind === 'insert' || !wasChanged ? inputs : { [sourceSide(pass)]: inputs[sourceSide(pass)] };
}

/** Saves the couplings of finished actions; returns those the store refused because a side is coupled already. */
async function saveCouplings(facts: PassFacts, settled: readonly Settled[]): Promise<Set<Done>> {
  const { ports, mapping } = facts.scope;
  const outcomes = await ports.couplings.save(mapping.name, settled.map(couplingWrite));
  const restored = settled.filter(
    ({ end }) => end.action.kind === 'insert' && end.action.pair.coupling !== null,
  );
  if (facts.pass === 'toBusinessCentral' && restored.length > 0) {
    await ports.couplings.removeIntents(
      mapping.name,
      restored.map(({ coupling }) => coupling.dataverseId),
    );
  }
  return new Set(settled.filter((_, index) => outcomes[index] === 'taken').map(({ end }) => end));
}

function couplingWrite({ end, coupling }: Settled): CouplingWrite {
  const previous = end.action.pair.coupling;
  if (previous === null) return { kind: 'create', coupling };
  return end.action.kind === 'insert'
    ? { kind: 'repoint', coupling, previous }
    : { kind: 'replace', coupling };
}

async function removeCouplings({ scope }: PassFacts, uncoupled: readonly Uncoupled[]): Promise<void> {
  if (uncoupled.length === 0) return;
  const writes = uncoupled.map(({ coupling }): CouplingWrite => {
    const { businessCentralId, dataverseId } = coupling;
    return { kind: 'remove', businessCentralId, dataverseId };
  });
  await scope.ports.couplings.save(scope.mapping.name, writes);
}

/** A new record that lacks values which were sent with it is coupled, and failed until they are there. */
function incompleteFailure({ end, coupling, unapplied }: Settled): readonly Failed[] {
  if (unapplied.length === 0) return [];
  const fields = unapplied.join(', ');
  const message = `"${end.action.name}" was created without its values for ${fields}; they are sent again.`;
  const raised = problem('insert-incomplete', { message, parameters: unapplied });
  const action = { ...end.action, pair: { ...end.action.pair, coupling } };
  return [{ status: 'failed', action, problem: raised }];
}

function isComplete({ end, unapplied }: Settled): boolean {
  return unapplied.length === 0 && end.followUpProblem === undefined;
}

/**
 * A record whose follow-ups were not carried out is coupled and failed until they are. The failure before this one stays
 * with the coupling, so that it is recognised as the same (E-57) and its error row is closed.
 */
function followUpFailure({ pass }: PassFacts, { end, coupling, unapplied }: Settled): readonly Failed[] {
  if (end.followUpProblem === undefined || unapplied.length > 0) return [];
  const before = end.action.pair.coupling;
  const earlier = before
    ? { [pass]: lastResult(before, pass), lastError: before.lastError ?? coupling.lastError }
    : {};
  const action = { ...end.action, pair: { ...end.action.pair, coupling: { ...coupling, ...earlier } } };
  return [{ status: 'failed', action, problem: end.followUpProblem }];
}

/** Errors of records that succeeded now close themselves, and their retry entries go. */
async function clearFailures(facts: PassFacts, done: readonly (Done | Uncoupled)[]): Promise<void> {
  const { scope, pass, retries } = facts;
  const { ports, mapping } = scope;
  const errorIds: SyncErrorId[] = [];
  const keys: { side: RetryRecord['side']; id: RetryRecord['id'] }[] = [];
  for (const end of done) {
    const { action } = end;
    const { coupling } = action.pair;
    const isNew = end.status === 'uncoupled' || action.kind === 'insert';
    const isCured = isNew || resolvesConflict(scope.request.manner, coupling);
    const hadFailed = coupling !== null && lastResult(coupling, pass)?.result === 'failure';
    if (coupling?.lastError && (isCured || hadFailed)) errorIds.push(coupling.lastError.errorId);
    const entry = retries.get((pass === 'toDataverse' ? action.businessCentralId : action.dataverseId) ?? '');
    if (entry) {
      errorIds.push(entry.errorId);
      keys.push({ side: entry.side, id: entry.id });
    }
  }
  if (keys.length > 0) await ports.retries.remove(mapping.name, keys);
  if (errorIds.length > 0) await ports.logs.resolveErrors(mapping.name, errorIds, ports.clock.now());
}
