/**
 * Between applying and recording: carries out what the entity rule wants done beside each written record (E-43).
 *
 * Nothing is recorded yet, so a crash in here is healed by the next run: it finds the record done, couples it and decides
 * about its follow-ups again; those that are done already are not decided on.
 */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { isOwn, withStored } from '../../domain/sync/followUps.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { AppliedAction, DoneAction } from './applyActions.ts';
import { type FollowUpWork, sendFollowUps, writesBeside } from './followUpWrites.ts';
import { readRelated } from './relatedReads.ts';
import { renewBases } from './renewBases.ts';
import type { RunScope } from './runScope.ts';
import { pairsOf } from './sweep.ts';

/**
 * Gives every end back, done ones with what their follow-ups stored in them. An end whose follow-ups failed keeps the
 * problem: its record is coupled, counts as failed, and the next run repeats them.
 */
export async function carryOutFollowUps(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
  context: RuleContext,
): Promise<readonly AppliedAction[]> {
  const done = ends.filter((end) => end.status === 'done');
  const facts = await withUnitGroups(scope, pass, done, context);
  const works = await attempt(scope, pass, done, facts);
  const open = works.filter(({ work }) => work?.state === 'again');
  const second = await attemptAgain(scope, pass, open, facts);
  const all = [...works, ...second].flatMap(({ work }) => work ?? []);
  await renewBases(scope, writesBeside(scope, all));
  const results = new Map<AppliedAction, DoneAction>();
  for (const { end, work, raised } of works) results.set(end, finished(scope, end, work, raised));
  for (const { end, work, raised } of second) {
    const before = results.get(end) ?? end;
    results.set(end, finished(scope, before, work, raised ?? stillOpen(end, work)));
  }
  return ends.map((end) => results.get(end) ?? end);
}

/** The unit groups the records were planned with, which are still remembered: a product may just be about to get its own. */
async function withUnitGroups(
  { rule, units }: RunScope,
  pass: PassDirection,
  ends: readonly DoneAction[],
  context: RuleContext,
): Promise<RuleContext> {
  if (pass !== 'toDataverse' || !rule.facts.includes('unitGroups') || ends.length === 0) return context;
  const names = ends.flatMap((end) => rule.unitGroupNames(pass, end.businessCentral, context));
  return { ...context, unitGroups: await units.named(names) };
}

/** What one attempt made of an end: work sent, or a problem before anything was sent; neither when nothing is to do. */
interface Attempt {
  /** The end as applied, before any follow-up. */
  readonly end: DoneAction;
  readonly work: FollowUpWork | null;
  readonly raised: RecordProblem | null;
}

async function attempt(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly DoneAction[],
  context: RuleContext,
): Promise<readonly Attempt[]> {
  if (ends.length === 0) return [];
  const { rule } = scope;
  const references = ends.flatMap((end) => rule.references(pass, end[sourceSide(pass)], context));
  const lookups = await scope.lookups.resolve(references);
  const reads = ends.flatMap((end) => rule.relatedReads(pass, end, context, lookups));
  const related = await readRelated(scope.ports, reads);
  const attempts = ends.map((end): Attempt => {
    const outcome = rule.followUps(pass, end, related, context, lookups);
    if (outcome.kind === 'problem') return { end, work: null, raised: outcome.problem };
    const { writes } = outcome;
    const work: FollowUpWork | null =
      writes.length === 0 ? null : { end, writes, written: [], state: 'open' };
    return { end, work, raised: null };
  });
  await sendFollowUps(
    scope,
    attempts.flatMap(({ work }) => work ?? []),
  );
  return attempts;
}

/** Decides once more, on the records as they are now; the ends themselves stay those that were applied (P1). */
async function attemptAgain(
  scope: RunScope,
  pass: PassDirection,
  open: readonly Attempt[],
  context: RuleContext,
): Promise<readonly Attempt[]> {
  const keys = open.map(({ end }) => ({
    businessCentralId: end.businessCentral.id,
    dataverseId: end.dataverse.id,
  }));
  const pairs = await pairsOf(scope, keys);
  const fresh = open.flatMap(({ end }, index): readonly { end: DoneAction; now: DoneAction }[] => {
    const { businessCentral = null, dataverse = null } = pairs[index] ?? {};
    return businessCentral && dataverse ? [{ end, now: { ...end, businessCentral, dataverse } }] : [];
  });
  const attempts = await attempt(
    scope,
    pass,
    fresh.map(({ now }) => now),
    context,
  );
  const decided = attempts.map((each, index) => ({ ...each, end: fresh[index]?.end ?? each.end }));
  const gone = open.filter(({ end }) => !fresh.some((each) => each.end === end));
  return [...decided, ...gone.map(({ end }) => ({ end, work: null, raised: goneProblem(end) }))];
}

function goneProblem({ action }: DoneAction): RecordProblem {
  const message = `"${action.name}" or its counterpart was deleted while it was being synchronised.`;
  return problem('coupled-record-deleted', { message });
}

function stillOpen({ action }: DoneAction, work: FollowUpWork | null): RecordProblem | null {
  if (work?.state !== 'again') return null;
  const message = `What belongs to "${action.name}" was changed again and again while it was being written.`;
  return problem('record-changed', { message });
}

function finished(
  scope: RunScope,
  end: DoneAction,
  work: FollowUpWork | null,
  raised: RecordProblem | null,
): DoneAction {
  let result = end;
  for (const { write, stored } of work?.written ?? []) {
    // What a follow-up changed in the record itself is a change of the record (E-47).
    const kind = end.kind === 'unchanged' && isOwn(scope.mapping, end, write) ? 'modify' : result.kind;
    result = { ...result, ...withStored(scope.mapping, result, write, stored), kind };
  }
  const refusal = work && typeof work.state === 'object' ? refused(end, work.state) : null;
  const followUpProblem = raised ?? refusal;
  return followUpProblem ? { ...result, followUpProblem } : result;
}

function refused(
  { action }: DoneAction,
  { problem: reason }: Exclude<FollowUpWork['state'], string>,
): RecordProblem {
  const { kind, serviceCode, message } = reason;
  return problem('follow-up-failed', {
    kind,
    message: `"${action.name}" was written, but what belongs to it was not: ${message}`,
    parameters: [serviceCode, message],
  });
}
