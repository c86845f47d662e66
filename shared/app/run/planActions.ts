/** Stage 4 of a pass: gathers what planning needs and asks the pure core for an action per record. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import type { BaseDigests } from '../../domain/couplings/coupling.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { Lookups, Reference } from '../../domain/sync/lookups.ts';
import { planRecord } from '../../domain/sync/plan.ts';
import type { FirstTimeRule, PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { fieldReferences } from '../../domain/sync/references.ts';
import { gatherPageFacts } from './gatherFacts.ts';
import type { RunScope } from './runScope.ts';

/** Pairs with the way they were found. */
export interface PairsToPlan {
  readonly pairs: readonly RecordPair[];
  readonly matched: boolean;
  /** Pairs that an earlier create of this program made. */
  readonly ownCreates?: readonly OwnCreate[];
}

/** A record this program created without coupling it, with the base it had then. */
export interface OwnCreate {
  readonly pair: RecordPair;
  readonly base: BaseDigests;
}

/** One action per pair: group by group, its pairs first and then its own creates, each in order. */
export async function planActions(
  scope: RunScope,
  pass: PassDirection,
  groups: readonly PairsToPlan[],
  runContext: RuleContext,
): Promise<readonly PlannedAction[]> {
  const planned = groups.flatMap(({ pairs, matched, ownCreates = [] }) => [
    ...pairs.map((pair) => ({ pair, matched, assumedBase: null })),
    ...ownCreates.map(({ pair, base }) => ({ pair, matched: true, assumedBase: base })),
  ]);
  const all = planned.map(({ pair }) => pair);
  if (all.length === 0) return [];
  const references = all.flatMap((pair) => referencesOf(scope, pass, pair));
  const lookups = await resolveWithParents(scope, references);
  const context = await gatherPageFacts(scope, pass, references, lookups, runContext);
  return planned.map((each) => planOne(scope, pass, { ...each, lookups, context }));
}

/** References that ask for it are synchronised first when they are not coupled, and looked up again (E-66). */
async function resolveWithParents(scope: RunScope, references: readonly Reference[]): Promise<Lookups> {
  const lookups = await scope.lookups.resolve(references);
  const waiting = references.filter((reference) => {
    return reference.synchroniseFirst && lookups.find(reference).status === 'notCoupled';
  });
  const [first] = waiting;
  if (!first || scope.request.dryRun) return lookups;
  const ids = [...new Set(waiting.map(({ value }) => value))];
  await scope.synchroniseFirst(first.mapping, first.side, ids);
  scope.lookups.forget(waiting);
  return scope.lookups.resolve(references);
}

function referencesOf(scope: RunScope, pass: PassDirection, pair: RecordPair): readonly Reference[] {
  const source = pair[sourceSide(pass)];
  if (source === null) return [];
  return [...fieldReferences(scope.mapping, pass, source.values), ...scope.rule.references(pass, source)];
}

function planOne(
  scope: RunScope,
  pass: PassDirection,
  input: {
    readonly pair: RecordPair;
    readonly matched: boolean;
    readonly assumedBase: BaseDigests | null;
    readonly lookups: Lookups;
    readonly context: RuleContext;
  },
): PlannedAction {
  const { mapping, rule, digest, insertOrdinals } = scope;
  const { manner } = scope.request;
  const firstTime = firstTimeRule(scope, input);
  const insertOrdinal = insertOrdinals[pass];
  const action = planRecord({ ...input, mapping, rule, pass, digest, manner, firstTime, insertOrdinal });
  if (action.kind === 'insert') insertOrdinals[pass] += 1;
  return action;
}

/** Where nobody knows what a record of our own had when it was made, neither side is preferred (P1). */
function firstTimeRule(
  { request }: RunScope,
  { matched, assumedBase }: { readonly matched: boolean; readonly assumedBase: BaseDigests | null },
): FirstTimeRule {
  if (assumedBase !== null) return 'conflict';
  return matched ? 'businessCentralWins' : request.firstTime;
}
