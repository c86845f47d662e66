/** The end of a pass: coupled records that lost their counterpart, judged together before any is acted on (P9). */
import { passOfLost } from '../../domain/actions/coupledDataErrors.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { guardMassChange } from '../../domain/sync/massChange.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { rememberDeparted } from '../documents/departedOrders.ts';
import { applyActions } from './applyActions.ts';
import { carryOutFollowUps } from './followUps.ts';
import { withPostedOrders } from './orderFacts.ts';
import { planActions } from './planActions.ts';
import { type PassFacts, recordOutcomes } from './recordOutcomes.ts';
import { resolveIntents } from './resolveIntents.ts';
import type { RunScope } from './runScope.ts';
import { pairsOf } from './sweep.ts';

/** The outcome of a pass's lost records; the actions serve a dry run. */
export interface LostOutcome {
  readonly counts: Counters;
  readonly coupled: number;
  readonly actions: readonly PlannedAction[];
}

/**
 * Couplings whose row change tracking reports as deleted. Each is read once more: a row that was restored, or an id that
 * was never ours, is not lost.
 */
export async function lostByDeletion(
  scope: RunScope,
  deletedIds: readonly DataverseId[],
): Promise<readonly RecordPair[]> {
  if (deletedIds.length === 0) return [];
  const { ports, mapping, state } = scope;
  const found = await ports.couplings.byDataverseIds(mapping.name, deletedIds, state.coupledCount);
  const couplings = found.filter(
    ({ businessCentralId, state: now }) => !scope.lostMet.has(businessCentralId) && now !== 'skipped',
  );
  return (await pairsOf(scope, couplings)).filter(({ dataverse }) => dataverse === null);
}

/**
 * Couplings of records that Business Central is said to have deleted. Each is read once more: a record that still exists,
 * or an id that was never ours, is not lost.
 */
export async function lostByReport(scope: RunScope): Promise<readonly RecordPair[]> {
  const ids = scope.request.reportedDeletions?.ids ?? [];
  if (ids.length === 0) return [];
  const { ports, mapping, state } = scope;
  const found = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
  const couplings = found.filter(
    ({ businessCentralId, state: now }) => !scope.lostMet.has(businessCentralId) && now !== 'skipped',
  );
  return (await pairsOf(scope, couplings)).filter(({ businessCentral }) => businessCentral === null);
}

/** Applies the mapping's deletion rule to lost pairs (E-39). Raises SyncFailure `mass-change-guard` before any is touched. */
export async function settleLost(
  facts: Omit<PassFacts, 'pass'>,
  found: readonly RecordPair[],
  all: { readonly lostBefore: number; readonly coupled: number },
): Promise<LostOutcome> {
  let outcome: LostOutcome = { counts: zeroCounters, coupled: 0, actions: [] };
  const { scope } = facts;
  const gone = await withoutFound(scope, found);
  const lost = await withoutArchived(scope, gone, facts.context);
  if (lost.length === 0) return outcome;
  const context = await withPostedOrders(scope, lost, facts.context);
  // Records that a user named are no accident.
  if (scope.request.chosen === null) {
    guardMassChange({
      ...scope.ports.policy,
      mapping: scope.mapping.name,
      lost: all.lostBefore + newlyLost(lost, context),
      coupled: all.coupled,
    });
  }
  for (const pass of ['toDataverse', 'toBusinessCentral'] as const) {
    const pairs = lost.filter((pair) => passOfLost(scope.mapping.direction, pair) === pass);
    const planned = await planActions(scope, pass, [{ pairs, matched: false }], context);
    const actions = await resolveIntents(scope, pass, planned, context);
    outcome = { ...outcome, actions: [...outcome.actions, ...actions] };
    if (!scope.request.dryRun)
      outcome = joined(outcome, await carryOut({ ...facts, pass }, actions, context));
  }
  return outcome;
}

/**
 * Where the loss of a record changes its counterpart, each record is asked for by itself before: a list that fails to show
 * one is no deletion (P9).
 */
async function withoutFound(scope: RunScope, lost: readonly RecordPair[]): Promise<readonly RecordPair[]> {
  const { rule, ports, mapping } = scope;
  const ids = lost.flatMap(({ businessCentral, coupling }) =>
    businessCentral === null && coupling !== null ? [coupling.businessCentralId] : [],
  );
  if (!rule.looksForLost || ids.length === 0) return lost;
  const present = await ports.businessCentral.existing(mapping.businessCentral, ids);
  if (present.size === 0) return lost;
  ports.log('warning', 'lost-records-found', { mapping: mapping.name, records: present.size });
  return lost.filter(({ businessCentral, coupling }) => {
    return businessCentral !== null || coupling === null || !present.has(coupling.businessCentralId);
  });
}

/** Orders that leave Business Central in daily work keep their couplings, marked, and are nobody's loss (D-94, D-97). */
async function withoutArchived(
  scope: RunScope,
  found: readonly RecordPair[],
  context: RuleContext,
): Promise<readonly RecordPair[]> {
  const lost = found.filter(({ coupling }) => coupling?.archive === undefined);
  const leaving = lost.filter((pair) => {
    const gone = pair.businessCentral === null ? 'businessCentral' : 'dataverse';
    return pair.dataverse !== null && scope.rule.onLost({ gone, pair, context })?.archives === true;
  });
  const writes = leaving.flatMap(({ coupling }): readonly CouplingWrite[] =>
    coupling === null ? [] : [{ kind: 'replace', coupling: { ...coupling, archive: 'waiting' } }],
  );
  if (writes.length > 0 && !scope.request.dryRun) {
    await scope.ports.couplings.save(scope.mapping.name, writes);
  }
  return lost.filter((pair) => !leaving.includes(pair));
}

/** Those that a user already knows of, from an earlier run, say nothing about this one; nor do orders that were posted. */
function newlyLost(lost: readonly RecordPair[], { postedOrders }: RuleContext): number {
  const isPosted = ({ coupling }: RecordPair) => postedOrders.has(coupling?.businessCentralId ?? '');
  return lost.filter((pair) => !isPosted(pair) && !isKnownLost(pair.coupling?.lastError?.code)).length;
}

function isKnownLost(code: string | undefined): boolean {
  return code === 'coupled-record-deleted' || code === 'delete-not-permitted';
}

async function carryOut(facts: PassFacts, actions: readonly PlannedAction[], context: RuleContext) {
  const { scope, pass } = facts;
  const applied = await applyActions(scope, pass, actions, context);
  const ends = await carryOutFollowUps(scope, pass, applied, context);
  await rememberDeparted(scope.ports, ends);
  return recordOutcomes(facts, ends);
}

function joined(
  outcome: LostOutcome,
  recorded: { readonly counts: Counters; readonly coupled: number },
): LostOutcome {
  return {
    ...outcome,
    counts: addCounters(outcome.counts, recorded.counts),
    coupled: outcome.coupled + recorded.coupled,
  };
}
