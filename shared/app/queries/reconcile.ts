/** Both sides of a mapping compared, page by page: what is coupled, what agrees, what is missing. Reads only. */
import { comparedPasses, type PairDifference, pairDifference } from '../../domain/actions/pairDifference.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId, DataverseId, MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RequestCounts } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { belongsToUs } from '../../domain/sync/companyStamp.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { passesBusinessCentral, passesDataverse } from '../../domain/sync/recordFilter.ts';
import type { StoredPage } from '../../ports/pages.ts';
import { candidateContext } from '../run/candidateContext.ts';
import { factsOf } from '../run/gatherFacts.ts';
import { planActions } from '../run/planActions.ts';
import type { RunScope } from '../run/runScope.ts';
import { pairsOf } from '../run/sweep.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { openReadingScope } from './readingScope.ts';

/** Records within the mapping's filter. */
export interface SideCount {
  readonly count: number;
  readonly uncoupled: number;
}

/** A coupled pair that does not agree, or lacks a record. */
export interface ListedDifference extends Omit<PairDifference, 'code' | 'reason'> {
  readonly businessCentralId: BusinessCentralId;
  readonly dataverseId: DataverseId;
  readonly name: string;
  readonly missing: 'businessCentral' | 'dataverse' | 'both' | null;
  readonly code: string | null;
  readonly reason: string | null;
}

/** The report; `differences` lists the first pairs that are different or miss a record. */
export interface Reconciliation {
  readonly mapping: MappingName;
  readonly businessCentral: SideCount;
  readonly dataverse: SideCount;
  readonly coupled: {
    readonly count: number;
    readonly equal: number;
    readonly different: number;
    readonly missing: number;
  };
  readonly differences: readonly ListedDifference[];
  readonly requests: RequestCounts;
}

/** Couplings compared at a time; what bounds memory, with the pages of the services. */
const couplingsAtATime = 1000;

/** How much is asked for. */
export interface ReconciliationBounds {
  /** Differences that are listed; all are counted. */
  readonly top: number;
  /** Asked before each page; true ends the comparison. */
  readonly isOutOfTime: () => boolean;
}

/**
 * Compares everything and lists the first differences. Half a comparison would be taken for a whole one, so there is
 * none: raises SyncFailure `reconciliation-too-long` when the time is up, and others when a service cannot be asked.
 */
export async function reconcile(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  { top, isOutOfTime }: ReconciliationBounds,
): Promise<Reconciliation> {
  const scope = await openReadingScope(ports, mappings, mapping, { manner: 'force' });
  const goOn = () => {
    if (isOutOfTime()) throw tooLong(mapping.name);
  };
  const compared = await compareCoupled(scope, top, goOn);
  const businessCentral = await countBusinessCentral(scope, goOn);
  const dataverse = await countDataverse(scope, goOn);
  const { meters } = scope;
  const requests = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  return { mapping: mapping.name, businessCentral, dataverse, ...compared, requests };
}

function tooLong(mapping: MappingName): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'reconciliation-too-long',
    message: `${mapping} has more records than can be compared within one request.`,
    suggestion:
      'Ask again while no runs are under way, which share the limits of the services; records that are gone are found in the background by POST /api/coupled-data-errors/find-deleted.',
  });
}

async function compareCoupled(scope: RunScope, top: number, goOn: () => void) {
  const differences: ListedDifference[] = [];
  const coupled = { count: 0, equal: 0, different: 0, missing: 0 };
  let context: RuleContext | null = null;
  let continuation: string | null = null;
  do {
    goOn();
    const page: StoredPage<Coupling> = await scope.ports.couplings.list(
      { mapping: scope.mapping.name },
      { top: couplingsAtATime, continuation },
    );
    continuation = page.continuation;
    if (page.rows.length === 0) continue;
    context ??= await factsOf(scope);
    const listed = await comparePage(scope, page.rows, context);
    coupled.count += page.rows.length;
    coupled.missing += listed.filter(({ missing }) => missing !== null).length;
    coupled.different += listed.filter(({ missing }) => missing === null).length;
    differences.push(...listed.slice(0, Math.max(0, top - differences.length)));
  } while (continuation !== null);
  coupled.equal = coupled.count - coupled.different - coupled.missing;
  return { coupled, differences };
}

/** The pairs of a page that are not equal, in order. */
async function comparePage(
  scope: RunScope,
  couplings: readonly Coupling[],
  context: RuleContext,
): Promise<readonly ListedDifference[]> {
  const pairs = await pairsOf(scope, couplings);
  const complete = pairs.filter(({ businessCentral, dataverse }) => businessCentral && dataverse);
  const differing = new Map<RecordPair, PairDifference>();
  for (const pass of comparedPasses(scope.mapping)) {
    const groups = [{ pairs: complete, matched: false }];
    const actions = await planActions(scope, pass, groups, context);
    for (const action of actions) {
      const difference = pairDifference(scope.mapping, pass, action);
      if (difference) differing.set(action.pair, joined(differing.get(action.pair), difference));
    }
  }
  return pairs.flatMap((pair) => listedDifference(pair, differing.get(pair)) ?? []);
}

function joined(before: PairDifference | undefined, found: PairDifference): PairDifference {
  if (before === undefined) return found;
  return { ...before, fields: [...before.fields, ...found.fields] };
}

function listedDifference(pair: RecordPair, difference: PairDifference | undefined): ListedDifference | null {
  const missing = missingOf(pair);
  if (!pair.coupling || (missing === null && difference === undefined)) return null;
  const { businessCentralId, dataverseId, businessCentralName } = pair.coupling;
  const found = difference ?? { fields: [], code: null, reason: null };
  return { businessCentralId, dataverseId, name: businessCentralName, missing, ...found };
}

function missingOf({ businessCentral, dataverse }: RecordPair): ListedDifference['missing'] {
  if (businessCentral === null) return dataverse === null ? 'both' : 'businessCentral';
  return dataverse === null ? 'dataverse' : null;
}

async function countBusinessCentral(scope: RunScope, goOn: () => void): Promise<SideCount> {
  const { ports, mapping, state, selections, filters, rule } = scope;
  let [count, uncoupled] = [0, 0];
  let cursor: string | null = null;
  do {
    goOn();
    const request = { selection: selections.businessCentral, modifiedFrom: null, cursor };
    const page = await ports.businessCentral.readChanges(request);
    const context = await candidateContext(scope, 'toDataverse', page.records);
    const own = page.records.filter(
      (record) =>
        passesBusinessCentral(filters.businessCentral, record) &&
        rule.isCandidate('toDataverse', record, context),
    );
    const ids = own.map(({ id }) => id);
    const coupled = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
    count += own.length;
    uncoupled += own.length - coupled.length;
    cursor = page.next;
  } while (cursor !== null);
  return { count, uncoupled };
}

async function countDataverse(scope: RunScope, goOn: () => void): Promise<SideCount> {
  const { ports, mapping, state, selections, filters, rule } = scope;
  let [count, uncoupled] = [0, 0];
  let position: string | null = null;
  do {
    goOn();
    const page = await ports.dataverse.readChanges({ selection: selections.dataverse, position });
    const context = await candidateContext(scope, 'toBusinessCentral', page.rows);
    const own = page.rows.filter(
      (row) =>
        passesDataverse(filters.dataverse, row) &&
        rule.isCandidate('toBusinessCentral', row, context) &&
        belongsToUs(context.stamp, row),
    );
    const ids = own.map(({ id }) => id);
    const coupled = await ports.couplings.byDataverseIds(mapping.name, ids, state.coupledCount);
    count += own.length;
    uncoupled += own.length - coupled.length;
    position = page.next;
  } while (position !== null);
  return { count, uncoupled };
}
