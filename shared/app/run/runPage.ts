/** One page of a pass: from the records read to the outcomes recorded. */
import type { PassDirection } from '../../domain/common/directions.ts';
import { invariant } from '../../domain/common/failures.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import {
  addCounters,
  type Counters,
  counterNames,
  type SyncJob,
  zeroCounters,
} from '../../domain/logs/syncJob.ts';
import { ruleInputPrefix } from '../../domain/sync/changed.ts';
import { belongsToUs } from '../../domain/sync/companyStamp.ts';
import { changedSinceBase } from '../../domain/sync/digests.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { counterOfAction } from '../../domain/sync/outcome.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { afterInserts } from './afterInserts.ts';
import { applyActions } from './applyActions.ts';
import { withoutBegunCreates } from './begunCreates.ts';
import type { CandidatePage } from './candidates.ts';
import { withRelations } from './companyRelations.ts';
import { completeOrders } from './completeOrders.ts';
import { finishOrders } from './finishOrders.ts';
import { carryOutFollowUps } from './followUps.ts';
import { settleGone } from './goneRecords.ts';
import { logDetails } from './logDetails.ts';
import { matchRecords } from './matchRecords.ts';
import { isOwnWrite, type PairedPage, pairRecords } from './pairRecords.ts';
import { planActions } from './planActions.ts';
import { withPlannedAmounts } from './planAmounts.ts';
import { prepareWrites } from './prepareWrites.ts';
import { recordOutcomes } from './recordOutcomes.ts';
import { withUnreleased } from './repairStates.ts';
import { resolveIntents } from './resolveIntents.ts';
import type { RunScope } from './runScope.ts';
import { synchroniseLines } from './synchroniseLines.ts';

/** What became of a page. */
export interface PageResult {
  readonly counts: Counters;
  readonly coupled: number;
  /** Coupled records whose counterpart was not found. */
  readonly lost: readonly RecordPair[];
}

function isComplete({ businessCentral, dataverse }: RecordPair): boolean {
  return businessCentral !== null && dataverse !== null;
}

/** What a page takes from its pass. */
export interface PageSurroundings {
  readonly syncJob: SyncJob;
  readonly facts: () => Promise<RuleContext>;
  /** Makes sure that the log has the pass before anything is done. */
  readonly begin: () => Promise<void>;
}

/**
 * Works on a page: each of its records ends in exactly one counter, or is handed back as lost (P5). Repeating a page after
 * a crash changes nothing that is already right; a dry run writes nothing.
 */
export async function runPage(
  scope: RunScope,
  pass: PassDirection,
  page: CandidatePage,
  { syncJob, facts, begin }: PageSurroundings,
): Promise<PageResult> {
  const gone = await settleGone(scope, pass, [...page.missing, ...(await takenByOthers(scope, pass, page))]);
  if (page.records.length === 0) return { counts: zeroCounters, coupled: 0, lost: gone };
  const related = await withRelations(scope, pass, ownRecords(pass, page), await facts());
  const paired = withoutClosed(scope, await pairRecords(scope, pass, page, related));
  const { context } = paired;
  const uncoupled = await withoutBegunCreates(scope, pass, paired.uncoupled);
  const { matched, unmatched, ambiguous } = await matchRecords(scope, pass, uncoupled, context);
  const groups = [
    { pairs: paired.changed.filter(isComplete), matched: false },
    { pairs: matched, matched: true },
    { pairs: unmatched, matched: false },
  ];
  const planned = await planActions(scope, pass, groups, context);
  const actions = [...(await resolveIntents(scope, pass, planned, context)), ...ambiguous];
  const lost = [...gone, ...paired.changed.filter((pair) => !isComplete(pair))];
  const setAside = { unchanged: paired.unchanged, skipped: paired.skipped };
  if (scope.request.dryRun) {
    const completed = await withPlannedAmounts(scope, pass, actions);
    const listed = [...paired.setAside, ...withoutSettled(scope, pass, completed)];
    return { ...planOnly(scope, listed), lost };
  }
  if (actions.length > 0) await begin();
  const ready = await prepareWrites(scope, actions);
  const applied = await applyActions(scope, pass, ready, context);
  const ends = withUnreleased(scope, pass, await carryOutFollowUps(scope, pass, applied, context));
  await afterInserts(scope, pass, ends);
  invariant(ends.length === actions.length, 'each action has exactly one end');
  const surroundings = { scope, pass, syncJobId: syncJob.id, context, retries: page.retries };
  const recorded = await recordOutcomes(surroundings, ends);
  invariant(total(recorded.counts) === actions.length, 'each record ends in exactly one counter (P5, P6)');
  await logDetails(scope, ends);
  await synchroniseLines(scope, pass, ends, paired.unchangedHeaders);
  await finishOrders(scope, pass, ends, context);
  const moved = await completeOrders(surroundings, ends);
  const counts = addCounters(addCounters(recorded.counts, moved), setAside);
  return { counts, coupled: recorded.coupled, lost };
}

/** Pairs whose row is closed for editing are in no counter (E-19). */
function withoutClosed(scope: RunScope, paired: PairedPage): PairedPage {
  const { digest, rule } = scope;
  const isOpen = (pair: RecordPair) =>
    !isComplete(pair) ||
    !rule.leavesAlone(pair, (name, value) => {
      const id = ruleInputPrefix + name;
      return changedSinceBase(digest, id, pair.coupling?.base?.[id], 'businessCentral', value) !== false;
    });
  return { ...paired, changed: paired.changed.filter(isOpen) };
}

function ownRecords(pass: PassDirection, { records }: CandidatePage): readonly BusinessCentralRecord[] {
  return pass === 'toDataverse' ? (records as readonly BusinessCentralRecord[]) : [];
}

/** Uncoupled rows of the retry list that another company has taken meanwhile: they are not ours to create (E-88). */
async function takenByOthers(
  scope: RunScope,
  pass: PassDirection,
  { records, ignoresFilter, retries }: CandidatePage,
): Promise<readonly string[]> {
  if (pass === 'toDataverse' || !ignoresFilter || records.length === 0) return [];
  const stamp = await scope.company.stamp();
  const taken = records.filter(
    (record) => retries.has(record.id) && !belongsToUs(stamp, record as DataverseRow),
  );
  return taken.map(({ id }) => id);
}

function total(counts: Counters): number {
  return counterNames.reduce((sum, name) => sum + counts[name], 0);
}

/**
 * The first pass of a run settles pairs without a base; the second then finds nothing of them to count, if it was this
 * program that wrote their rows (E-16). A plan writes nothing, so it meets them as they were.
 */
function withoutSettled(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly PlannedAction[],
): readonly PlannedAction[] {
  const isOwn = ({ kind, pair }: PlannedAction) =>
    kind === 'unchanged' && pair.dataverse !== null && isOwnWrite(scope, pass, pair.dataverse);
  if (!actions.some(isOwn)) return actions;
  const met = new Set(scope.planned.map(({ businessCentralId }) => businessCentralId));
  return actions.filter((action) => !isOwn(action) || !met.has(action.businessCentralId));
}

/** Counts a plan as the run would count its records (E-47). */
export function planOnly(
  scope: RunScope,
  actions: readonly PlannedAction[],
): Pick<PageResult, 'counts' | 'coupled'> {
  scope.planned.push(...actions);
  const counts = actions.reduce(
    (sum, action) => addCounters(sum, { [counterOfAction(action)]: 1 }),
    zeroCounters,
  );
  return { counts, coupled: 0 };
}
