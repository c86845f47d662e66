/** Stage 3 of a pass: looks for an uncoupled counterpart before anything is created (E-27, DESIGN decisions). */
import { type PassDirection, sourceSide, targetSide } from '../../domain/common/directions.ts';
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  FieldValue,
  FieldValues,
} from '../../domain/common/records.ts';
import { businessCentralKey } from '../../domain/mappings/model.ts';
import { belongsToUs } from '../../domain/sync/companyStamp.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import {
  askedField,
  findMatch,
  type MatchIndex,
  matchGroups,
  matchIndex,
  matchKeysOf,
} from '../../domain/sync/match.ts';
import { actionHead } from '../../domain/sync/plan.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import { passesDataverse } from '../../domain/sync/recordFilter.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import { matchByRule } from './matchByRule.ts';
import type { RunScope } from './runScope.ts';

type Candidate = BusinessCentralRecord | DataverseRow;

export interface MatchedPage {
  /** Two existing records to couple. */
  readonly matched: readonly RecordPair[];
  /** No counterpart found: one is to be created. */
  readonly unmatched: readonly RecordPair[];
  /** Several counterparts found: a user decides. */
  readonly ambiguous: readonly PlannedAction[];
}

/** Matches a page of uncoupled records; a target that one record takes is not offered to the next. */
export async function matchRecords(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
  context: RuleContext,
): Promise<MatchedPage> {
  if (pass === 'toDataverse' && scope.rule.match) return matchByRule(scope, scope.rule.match, pairs, context);
  if (pairs.length === 0 || matchGroups(scope.mapping).length === 0) {
    return { matched: [], unmatched: pairs, ambiguous: [] };
  }
  const candidates = await targetCandidates(scope, pass, pairs);
  const taken = await coupledTargets(scope, pass, candidates);
  const index = matchIndex(scope.mapping, targetSide(pass), candidates);
  const alike = await alikeRecords(scope, pass, pairs);
  return sortByMatch(scope, pass, pairs, index, { taken, alike });
}

function sortByMatch(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
  index: MatchIndex<Candidate>,
  { taken, alike }: { readonly taken: Set<string>; readonly alike: ReadonlyMap<string, number> },
): MatchedPage {
  const matched: RecordPair[] = [];
  const unmatched: RecordPair[] = [];
  const ambiguous: PlannedAction[] = [];
  const side = sourceSide(pass);
  for (const pair of pairs) {
    const values = pair[side]?.values ?? {};
    const answer = findMatch(scope.mapping, { side, values }, index, (id) => taken.has(id));
    const rivals = answer.status === 'found' ? mostAlike(scope, side, values, alike) : 1;
    if (rivals > 1) ambiguous.push(ambiguousAction(scope, pass, pair, rivals));
    else if (answer.status === 'found') {
      taken.add(answer.candidate.id);
      matched.push({ ...pair, [targetSide(pass)]: answer.candidate });
    } else if (answer.status === 'none') unmatched.push(pair);
    else ambiguous.push(ambiguousAction(scope, pass, pair, answer.count));
  }
  return { matched, unmatched, ambiguous };
}

/** The end of a record that several others match. */
export function ambiguousAction(
  scope: RunScope,
  pass: PassDirection,
  pair: RecordPair,
  count: number,
): PlannedAction {
  const head = actionHead({ mapping: scope.mapping, pass, pair });
  const message = `${count} uncoupled records match "${head.name}"; none was coupled or created.`;
  return { ...head, kind: 'fail', problem: problem('match-ambiguous', { message }) };
}

/** Dataverse compares text without case, so values are asked for; Business Central does not, so the set is read. */
export async function targetCandidates(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
): Promise<readonly Candidate[]> {
  if (pass === 'toBusinessCentral') return wholeBusinessCentralSet(scope);
  const found = new Map<string, DataverseRow>();
  for (const [attribute, values] of askedValues(scope, pairs)) {
    const rows = await scope.ports.dataverse.readByValues(scope.selections.dataverse, attribute, [...values]);
    for (const row of rows) found.set(row.id, row);
  }
  const stamp = await scope.company.stamp();
  return [...found.values()].filter((row) => belongsToUs(stamp, row));
}

/** The values to ask for, by column: of each record and group the first field that has one. */
function askedValues(
  { mapping }: RunScope,
  pairs: readonly RecordPair[],
): ReadonlyMap<string, ReadonlySet<FieldValue>> {
  const asked = new Map<string, Set<FieldValue>>();
  for (const group of matchGroups(mapping)) {
    for (const { businessCentral } of pairs) {
      const field = businessCentral && askedField(mapping, group, 'businessCentral', businessCentral.values);
      if (!businessCentral || !field?.businessCentral || !field.dataverse) continue;
      const values = asked.get(field.dataverse.attribute) ?? new Set();
      values.add(businessCentral.values[businessCentralKey(mapping, field.businessCentral)] ?? null);
      asked.set(field.dataverse.attribute, values);
    }
  }
  return asked;
}

async function wholeBusinessCentralSet({
  ports,
  selections,
}: RunScope): Promise<readonly BusinessCentralRecord[]> {
  const records: BusinessCentralRecord[] = [];
  let cursor: string | null = null;
  do {
    const request = { selection: selections.businessCentral, modifiedFrom: null, cursor };
    const page = await ports.businessCentral.readChanges(request);
    records.push(...page.records);
    cursor = page.next;
  } while (cursor !== null);
  return records;
}

/** Candidates that are coupled already. */
export async function coupledTargets(
  { ports, mapping, state }: RunScope,
  pass: PassDirection,
  candidates: readonly Candidate[],
): Promise<Set<string>> {
  if (candidates.length === 0) return new Set();
  if (pass === 'toDataverse') {
    const ids = candidates.map((candidate) => candidate.id as DataverseRow['id']);
    const couplings = await ports.couplings.byDataverseIds(mapping.name, ids, state.coupledCount);
    return new Set(couplings.map((coupling) => coupling.dataverseId));
  }
  const ids = candidates.map((candidate) => candidate.id as BusinessCentralId);
  const couplings = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
  return new Set(couplings.map((coupling) => coupling.businessCentralId));
}

/**
 * How many uncoupled records of the source side share each match key. Where several could claim one counterpart none is
 * coupled and none created: the other pass finds them ambiguous, too (DESIGN decisions, P2).
 */
async function alikeRecords(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
): Promise<ReadonlyMap<string, number>> {
  const side = sourceSide(pass);
  const own = pairs.flatMap((pair) => pair[side] ?? []);
  const others = pass === 'toDataverse' ? [] : await alikeRows(scope, pairs);
  const taken = await coupledTargets(
    scope,
    pass === 'toDataverse' ? 'toBusinessCentral' : 'toDataverse',
    others,
  );
  const met = new Map<string, Candidate>(
    others.filter(({ id }) => !taken.has(id)).map((row) => [row.id, row]),
  );
  for (const record of own) met.set(record.id, record);
  const counts = new Map<string, number>();
  for (const { values } of met.values()) {
    for (const key of matchKeysOf(scope.mapping, side, values)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Rows of the whole table within the filter that share a match value with the page. */
async function alikeRows(scope: RunScope, pairs: readonly RecordPair[]): Promise<readonly DataverseRow[]> {
  const { ports, selections, mapping, filters } = scope;
  const stamp = await scope.company.stamp();
  const found = new Map<string, DataverseRow>();
  for (const [field] of matchGroups(mapping)) {
    const attribute = field?.dataverse?.attribute;
    if (attribute === undefined) continue;
    const values = [...new Set(pairs.map((pair) => pair.dataverse?.values[attribute] ?? null))];
    const asked = values.filter((value) => canonicalText(value) !== '');
    const rows = await ports.dataverse.readByValues(selections.dataverse, attribute, asked);
    for (const row of rows) {
      if (passesDataverse(filters.dataverse, row) && belongsToUs(stamp, row)) found.set(row.id, row);
    }
  }
  return [...found.values()];
}

function mostAlike(
  scope: RunScope,
  side: 'businessCentral' | 'dataverse',
  values: FieldValues,
  alike: ReadonlyMap<string, number>,
): number {
  return Math.max(1, ...matchKeysOf(scope.mapping, side, values).map((key) => alike.get(key) ?? 0));
}
