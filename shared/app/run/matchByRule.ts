/** Finds counterparts in Sales by what an entity rule knows: group names, or list, product and unit (E-27). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { RuleContext, RuleMatch, RuleSubject } from '../../domain/sync/entityRule.ts';
import { Lookups } from '../../domain/sync/lookups.ts';
import { ruleSubject } from '../../domain/sync/plan.ts';
import type { PlannedAction, RecordPair } from '../../domain/sync/planTypes.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import { ambiguousAction, coupledTargets, type MatchedPage } from './matchRecords.ts';
import { preparePairs } from './planActions.ts';
import type { RunScope } from './runScope.ts';

/** Matches a page of uncoupled records towards Sales; rows are asked for in bulk, and each is taken once. */
export async function matchByRule(
  scope: RunScope,
  match: RuleMatch,
  pairs: readonly RecordPair[],
  runContext: RuleContext,
): Promise<MatchedPage> {
  if (pairs.length === 0) return { matched: [], unmatched: [], ambiguous: [] };
  const subjects = await subjectsOf(scope, match, pairs, runContext);
  const rows = await candidates(scope, match, subjects);
  const taken = await coupledTargets(scope, 'toDataverse', [...rows.values()].flat());
  const page = {
    matched: [] as RecordPair[],
    unmatched: [] as RecordPair[],
    ambiguous: [] as PlannedAction[],
  };
  for (const [index, pair] of pairs.entries()) {
    const subject = subjects[index];
    const found = subject ? counterparts(match, subject, rows, taken) : [];
    const [only] = found;
    if (!only) page.unmatched.push(pair);
    else if (found.length > 1) page.ambiguous.push(ambiguousAction(scope, 'toDataverse', pair, found.length));
    else {
      taken.add(only.id);
      page.matched.push({ ...pair, dataverse: only });
    }
  }
  return page;
}

async function subjectsOf(
  scope: RunScope,
  { isPlain = false }: RuleMatch,
  pairs: readonly RecordPair[],
  runContext: RuleContext,
): Promise<readonly RuleSubject[]> {
  const { lookups, context } = isPlain
    ? { lookups: new Lookups(new Map(), ''), context: runContext }
    : await preparePairs(scope, 'toDataverse', pairs, runContext);
  const { mapping, rule, digest, request } = scope;
  const { firstTime, manner } = request;
  const stamp = await scope.company.stamp();
  const common = {
    mapping,
    stamp,
    rule,
    digest,
    firstTime,
    manner,
    lookups,
    context,
    matched: false,
    insertOrdinal: 0,
  };
  return pairs.map((pair) => ruleSubject({ ...common, pass: 'toDataverse', pair, assumedBase: null }, []));
}

/** Rows that could be counterparts, by the comparable text of the column they were asked for by. */
async function candidates(
  { ports, selections }: RunScope,
  match: RuleMatch,
  subjects: readonly RuleSubject[],
): Promise<ReadonlyMap<string, readonly DataverseRow[]>> {
  const values = new Set(subjects.map((subject) => match.value(subject)).filter((value) => value !== null));
  const { table, attributes } = selections.dataverse;
  const selection = { table, attributes: [...new Set([...attributes, match.attribute])] };
  const byValue = new Map<string, DataverseRow[]>();
  for (const row of await ports.dataverse.readByValues(selection, match.attribute, [...values])) {
    const key = comparable(row.values[match.attribute]);
    const same = byValue.get(key);
    if (same) same.push(row);
    else byValue.set(key, [row]);
  }
  return byValue;
}

function counterparts(
  match: RuleMatch,
  subject: RuleSubject,
  rows: ReadonlyMap<string, readonly DataverseRow[]>,
  taken: ReadonlySet<string>,
): readonly DataverseRow[] {
  const value = match.value(subject);
  if (value === null) return [];
  const asked = rows.get(comparable(value)) ?? [];
  return asked.filter((row) => !taken.has(row.id) && match.isCounterpart(subject, row));
}

function comparable(value: Parameters<typeof canonicalText>[0]): string {
  return canonicalText(value).toLowerCase();
}
