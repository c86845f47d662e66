/** Stage 4 of a pass: gathers what planning needs and asks the pure core for an action per record. */
import { type PassDirection, sourceSide, targetSide } from '../../domain/common/directions.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { BaseDigests } from '../../domain/couplings/coupling.ts';
import type { CompanyStamp } from '../../domain/sync/companyStamp.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { Lookups, Reference } from '../../domain/sync/lookups.ts';
import { planRecord } from '../../domain/sync/plan.ts';
import type { FirstTimeRule, PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { fieldReferences, presentReferences } from '../../domain/sync/references.ts';
import { withRelations } from './companyRelations.ts';
import { gatherPageFacts, gatherSourceFacts } from './gatherFacts.ts';
import { withOccurrences } from './orderOccurrences.ts';
import { readSteps } from './readSteps.ts';
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
  const { lookups, context } = await preparePairs(scope, pass, all, runContext);
  const stamp = await stampOf(scope, pass, all);
  return planned.map((each) => planOne(scope, pass, { ...each, lookups, context, stamp }));
}

/** What deciding about these pairs depends on: their references, and the facts their rule asks for. */
export async function preparePairs(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
  runContext: RuleContext,
): Promise<{ readonly lookups: Lookups; readonly context: RuleContext }> {
  const sources = pairs.flatMap((pair) => pair[sourceSide(pass)] ?? []);
  const ours = pairs.flatMap(({ businessCentral }) => businessCentral ?? []);
  const related = await withRelations(scope, pass, ours, runContext);
  const read = pass === 'toDataverse' ? readable(scope, pairs) : [];
  const prepared = await readSteps(scope, scope.rule.sourceReads, read, related);
  const sourced = await gatherSourceFacts(scope, pass, sources, prepared);
  const references = pairs.flatMap((pair) => referencesOf(scope, pass, pair, sourced));
  const lookups = await resolveWithParents(scope, references);
  const targeted = await readSteps(scope, scope.rule.targetReads, read, sourced, lookups);
  const numbered = await withOccurrences(scope, pass, pairs, targeted);
  return { lookups, context: await gatherPageFacts(scope, pass, references, lookups, numbered) };
}

function readable({ rule }: RunScope, pairs: readonly RecordPair[]): readonly BusinessCentralRecord[] {
  return pairs
    .filter((pair) => rule.needsReads(pair))
    .flatMap(({ businessCentral }) => businessCentral ?? []);
}

/** The owning team is looked for only when a row is going to be made. */
function stampOf(scope: RunScope, pass: PassDirection, pairs: readonly RecordPair[]): Promise<CompanyStamp> {
  const creates = pass === 'toDataverse' && pairs.some(({ dataverse }) => dataverse === null);
  return creates ? scope.company.stampForInserts() : scope.company.stamp();
}

/**
 * References that ask for it are synchronised first when they are not coupled, and looked up again (E-66). One that several
 * mappings could couple is left alone once one of them has.
 */
async function resolveWithParents(scope: RunScope, references: readonly Reference[]): Promise<Lookups> {
  const lookups = await scope.lookups.resolve(references);
  const creating = new Set(
    scope.allMappings.filter((mapping) => !mapping.syncOnlyCoupled).map(({ name }) => name),
  );
  const parents = references.filter(
    ({ mapping, synchroniseFirst }) => synchroniseFirst && creating.has(mapping),
  );
  if (parents.length === 0 || scope.request.dryRun) return lookups;
  const isCoupled = (reference: Reference) => lookups.find(reference).status === 'coupled';
  const coupled = new Set(parents.filter(isCoupled).map(({ value }) => value));
  const waiting = parents.filter((reference) => {
    return lookups.find(reference).status === 'notCoupled' && !coupled.has(reference.value);
  });
  if (waiting.length === 0) return lookups;
  for (const [{ mapping, side }, ids] of waitingRecords(waiting, lookups)) {
    await scope.synchroniseOther(mapping, side, ids);
  }
  scope.lookups.forget(waiting);
  return scope.lookups.resolve(references);
}

/** The ids of the records to synchronise first, by mapping and side; a record named by its key is known by its look-up. */
function waitingRecords(
  waiting: readonly Reference[],
  lookups: Lookups,
): readonly (readonly [Reference, readonly string[]])[] {
  const groups = new Map<string, [Reference, Set<string>]>();
  for (const reference of waiting) {
    const answer = lookups.find(reference);
    const id =
      reference.by === 'id' ? reference.value : answer.status === 'notCoupled' ? answer.id : undefined;
    if (id === undefined) continue;
    const key = `${reference.mapping}|${reference.side}`;
    const group = groups.get(key) ?? [reference, new Set<string>()];
    groups.set(key, group);
    group[1].add(id);
  }
  return [...groups.values()].map(([reference, ids]) => [reference, [...ids]]);
}

function referencesOf(
  scope: RunScope,
  pass: PassDirection,
  pair: RecordPair,
  context: RuleContext,
): readonly Reference[] {
  const source = pair[sourceSide(pass)];
  if (source === null) return [];
  const target = pair[targetSide(pass)]?.values ?? {};
  return [
    ...fieldReferences(scope.mapping, pass, source.values),
    ...presentReferences(scope.mapping, pass, source.values, target),
    ...scope.rule.references(pass, source, context),
  ];
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
    readonly stamp: CompanyStamp;
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
  { request, rule }: RunScope,
  { matched, assumedBase }: { readonly matched: boolean; readonly assumedBase: BaseDigests | null },
): FirstTimeRule {
  if (assumedBase !== null) return 'conflict';
  return matched ? 'businessCentralWins' : (rule.firstTime ?? request.firstTime);
}
