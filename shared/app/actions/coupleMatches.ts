/** One page of a match-based coupling: finds the unique counterparts of uncoupled records and couples them (E-117 to E-119). */
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { findMatch, matchIndex } from '../../domain/sync/match.ts';
import { actionHead } from '../../domain/sync/plan.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import { passesDataverse } from '../../domain/sync/recordFilter.ts';
import { coupledTargets, targetCandidates } from '../run/matchRecords.ts';
import type { RunScope } from '../run/runScope.ts';
import { pendingCoupling } from './pendingCoupling.ts';

/** The two ids of a coupling. */
export interface CoupledIds {
  readonly businessCentralId: BusinessCentralId;
  readonly dataverseId: DataverseId;
}

/** What became of a page's uncoupled records. */
export interface PageMatches {
  readonly coupled: readonly CoupledIds[];
  /** Couplings of the page that were made earlier and never synchronised. */
  readonly pending: readonly CoupledIds[];
  /** Records without a counterpart. */
  readonly unmatched: readonly BusinessCentralId[];
  /** How many have several counterparts, so that a user must choose. */
  readonly ambiguous: number;
}

/** What pages of one action share. */
export interface MatchMemory {
  /** Rows that a record of this action has taken; none is coupled twice. */
  readonly claimed: Set<string>;
  /** Unmatched records are not failures, because they are to be created. */
  readonly createNew: boolean;
}

/** Couples what matches. Records that are coupled already are left out. */
export async function coupleMatches(
  scope: RunScope,
  records: readonly BusinessCentralRecord[],
  memory: MatchMemory,
): Promise<PageMatches> {
  const { open, pending } = await sortByCoupling(scope, records);
  if (open.length === 0) return { coupled: [], pending, unmatched: [], ambiguous: 0 };
  const found = await matchesOf(scope, open, memory);
  const made = scope.request.dryRun ? found.matched : await couple(scope, found.matched);
  const isMade = new Set<RecordPair>(made);
  const lost = found.matched.filter((pair) => !isMade.has(pair));
  return {
    pending,
    coupled: made.flatMap(({ businessCentral, dataverse }) =>
      businessCentral && dataverse
        ? [{ businessCentralId: businessCentral.id, dataverseId: dataverse.id }]
        : [],
    ),
    unmatched: [...found.unmatched, ...lost].flatMap(({ businessCentral }) => businessCentral?.id ?? []),
    ambiguous: found.ambiguous,
  };
}

/** What is not coupled, and couplings that were made and never synchronised: they join what follows (E-117). */
async function sortByCoupling(
  { ports, mapping, state }: RunScope,
  records: readonly BusinessCentralRecord[],
): Promise<{ readonly open: readonly RecordPair[]; readonly pending: readonly Coupling[] }> {
  if (records.length === 0) return { open: [], pending: [] };
  const ids = records.map(({ id }) => id);
  const couplings = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
  const coupled = new Set<string>(couplings.map(({ businessCentralId }) => businessCentralId));
  const open = records
    .filter(({ id }) => !coupled.has(id))
    .map((businessCentral) => ({ businessCentral, dataverse: null, coupling: null }));
  return { open, pending: couplings.filter((coupling) => coupling.state === 'pending') };
}

interface Found {
  readonly matched: readonly RecordPair[];
  readonly unmatched: readonly RecordPair[];
  readonly ambiguous: number;
}

/** The mapping's Sales filter counts, its watermark does not (E-117). */
async function matchesOf(
  scope: RunScope,
  open: readonly RecordPair[],
  { claimed, createNew }: MatchMemory,
): Promise<Found> {
  const candidates = (await targetCandidates(scope, 'toDataverse', open)).filter((row) =>
    passesDataverse(scope.filters.dataverse, row as DataverseRow),
  ) as readonly DataverseRow[];
  for (const id of await coupledTargets(scope, 'toDataverse', candidates)) claimed.add(id);
  const index = matchIndex(scope.mapping, 'dataverse', candidates);
  const matched: RecordPair[] = [];
  const unmatched: RecordPair[] = [];
  let ambiguous = 0;
  for (const pair of open) {
    const source = { side: 'businessCentral', values: pair.businessCentral?.values ?? {} } as const;
    const answer = findMatch(scope.mapping, source, index, (id) => claimed.has(id));
    const both = answer.status === 'found' ? { ...pair, dataverse: answer.candidate } : pair;
    if (answer.status === 'found') {
      claimed.add(answer.candidate.id);
      matched.push(both);
    } else if (answer.status === 'none') unmatched.push(pair);
    else ambiguous += 1;
    if (answer.status !== 'none' || !createNew) planMatch(scope, both, answer);
  }
  return { matched, unmatched, ambiguous };
}

/** What the action would do; nothing but a dry run looks at it. */
function planMatch(scope: RunScope, pair: RecordPair, answer: ReturnType<typeof findMatch>): void {
  if (!scope.request.dryRun) return;
  const head = actionHead({ mapping: scope.mapping, pass: 'toDataverse', pair });
  if (answer.status === 'found') {
    scope.planned.push({
      ...head,
      kind: 'couple',
      values: {},
      fields: [],
      settledFields: [],
      waitingFields: [],
      unsentFields: [],
    });
    return;
  }
  const several = answer.status === 'ambiguous';
  const message = several
    ? `${answer.count} uncoupled records match "${head.name}".`
    : `No uncoupled record matches "${head.name}".`;
  scope.planned.push({
    ...head,
    kind: 'fail',
    problem: problem(several ? 'match-ambiguous' : 'match-not-found', { message }),
  });
}

/** The pairs that were coupled; one whose record another writer coupled meanwhile is not among them. */
async function couple(scope: RunScope, pairs: readonly RecordPair[]): Promise<readonly RecordPair[]> {
  if (pairs.length === 0) return [];
  const { ports, mapping } = scope;
  const writes = pairs.flatMap(({ businessCentral, dataverse }) =>
    businessCentral && dataverse
      ? [{ kind: 'create' as const, coupling: pendingCoupling(mapping, businessCentral, dataverse) }]
      : [],
  );
  const outcomes = await ports.couplings.save(mapping.name, writes);
  const made = pairs.filter((_, index) => outcomes[index] === 'done');
  await settleRetries(scope, made);
  return made;
}

/** A record that failed for want of a counterpart has one now. */
async function settleRetries(scope: RunScope, made: readonly RecordPair[]): Promise<void> {
  const { ports, mapping } = scope;
  const ids = new Set<string>(
    made.flatMap(({ businessCentral, dataverse }) => [businessCentral?.id ?? '', dataverse?.id ?? '']),
  );
  const { entries } = await scope.retries.before();
  const settled = entries.filter(({ id }) => ids.has(id));
  if (settled.length === 0) return;
  await ports.retries.remove(mapping.name, settled);
  const errorIds = settled.map(({ errorId }) => errorId);
  await ports.logs.resolveErrors(mapping.name, errorIds, ports.clock.now());
}
