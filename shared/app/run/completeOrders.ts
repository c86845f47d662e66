/** After the lines of a page of Sales orders: their discount and their freight go to Business Central (D-90). */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import {
  type AmountWrites,
  agreedBase,
  amountWrites,
  type DueAmounts,
  dueAmounts,
  freightLineProperties,
} from '../../domain/documents/orderAmounts.ts';
import type { Counters } from '../../domain/logs/syncJob.ts';
import { whyClosed } from '../../domain/mappings/default/salesOrderRule.ts';
import { lastResult } from '../../domain/sync/changed.ts';
import { counterOf } from '../../domain/sync/outcome.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { DocumentLine, DocumentLineWrite } from '../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { configuredAccounts } from '../documents/documentSetup.ts';
import type { AppliedAction, DoneAction } from './applyActions.ts';
import { whileOrdersAreOpen } from './openHeaders.ts';
import type { RunScope } from './runScope.ts';
import { type PassFacts, saveFailures } from './saveFailures.ts';

const lineSet = 'salesOrderLines';

/** An order whose own values are sent, or of which a plan says that they would be. */
export type AmountSubject = Pick<DoneAction, 'action' | 'businessCentral' | 'dataverse'>;

/** An order on its way; `writes` as last decided. */
interface Work {
  readonly end: DoneAction;
  readonly due: DueAmounts;
  order: BusinessCentralRecord;
  lines: readonly DocumentLine[];
  writes: AmountWrites;
  failure: RecordProblem | null;
  isWritten: boolean;
}

/**
 * Whether amounts of the order are still to be sent after its lines: its coupling waits until they are, so that a crash in
 * between is healed by the next run.
 */
export function isToComplete(scope: RunScope, pass: PassDirection, end: DoneAction): boolean {
  if (pass === 'toDataverse' || !scope.rule.sendsAmounts) return false;
  const { discount, freight } = dueOf(scope, end);
  return discount || freight;
}

/** What of an order that is done, or will be, is due. */
export function dueOf({ digest, request }: RunScope, { action, dataverse }: AmountSubject): DueAmounts {
  return dueAmounts(digest, action.pair.coupling?.base ?? null, dataverse, request.manner !== 'judge');
}

/**
 * Sends what is due, and settles the couplings that waited for it; returns what it moves from one counter to another. An
 * order that could not be completed counts as failed, and the next run repeats it. Safe to repeat.
 */
export async function completeOrders(
  facts: PassFacts,
  ends: readonly AppliedAction[],
): Promise<Partial<Counters>> {
  const { scope, pass } = facts;
  const done = ends.flatMap((end) =>
    end.status === 'done' && end.followUpProblem === undefined && isToComplete(scope, pass, end) ? [end] : [],
  );
  if (done.length === 0) return {};
  const works = done.map((end): Work => {
    const state = { writes: nothing, failure: null, isWritten: false } as const;
    return { end, due: dueOf(scope, end), order: end.businessCentral, lines: [], ...state };
  });
  const account = await freightAccountFor(
    scope,
    works.map(({ due }) => due),
  );
  await decide(scope, works, account);
  const open = works.filter(({ failure, writes }) => failure === null && isAny(writes));
  if (open.length > 0) {
    const ids = open.map(({ order }) => order.id);
    await whileOrdersAreOpen(scope, ids, () => write(scope, open, account));
  }
  return settle(facts, works);
}

/** The account that freight is booked on, asked for where freight is due; null where none is configured. */
export async function freightAccountFor(
  { ports }: RunScope,
  due: readonly DueAmounts[],
): Promise<string | null> {
  return due.some(({ freight }) => freight) ? (await configuredAccounts(ports)).freightAccount : null;
}

const nothing: AmountWrites = { discountAmount: null, isContested: false, freight: null };

/** Whether anything is written. */
export function isAny({ discountAmount, freight }: AmountWrites): boolean {
  return discountAmount !== null || freight !== null;
}

/** Reads the orders as they are now, and the lines of those whose freight is due. */
async function decide(scope: RunScope, works: readonly Work[], account: string | null): Promise<void> {
  const { businessCentral } = scope.ports;
  const ofFreight = works.filter(({ due }) => due.freight).map(({ order }) => order.id);
  const [orders, lines] = await Promise.all([
    businessCentral.readByIds(
      scope.selections.businessCentral,
      works.map(({ order }) => order.id),
    ),
    linesForFreight(scope, ofFreight),
  ]);
  const byId = new Map<string, BusinessCentralRecord>(orders.map((order) => [order.id, order]));
  for (const work of works) {
    work.lines = lines.filter(({ documentId }) => documentId === work.order.id);
    const order = byId.get(work.order.id);
    if (!order) {
      work.failure = problem('coupled-record-deleted', { message: `"${nameOf(work)}" is gone.` });
      continue;
    }
    work.order = order;
    const decision = decideAmounts(scope, work.end, work.due, { order, lines: work.lines, account });
    work.writes = decision.writes;
    work.failure ??= decision.failure;
  }
}

/** The lines among which freight is looked for. */
export async function linesForFreight(
  { ports }: RunScope,
  documentIds: readonly BusinessCentralId[],
): Promise<readonly DocumentLine[]> {
  if (documentIds.length === 0) return [];
  return ports.businessCentral.readLines({
    entitySet: lineSet,
    properties: freightLineProperties,
    documentIds,
  });
}

/** What is to be written to an order as it is now, or why it cannot be. */
export function decideAmounts(
  { digest, request }: RunScope,
  { action, businessCentral, dataverse }: AmountSubject,
  due: DueAmounts,
  now: {
    readonly order: BusinessCentralRecord;
    readonly lines: readonly DocumentLine[];
    readonly account: string | null;
    readonly getsLines?: boolean;
  },
): { readonly writes: AmountWrites; readonly failure: RecordProblem | null } {
  const { order, lines, account: freightAccount, getsLines = false } = now;
  const before = action.pair.businessCentral ?? businessCentral;
  const decision = amountWrites({
    ...{ digest, base: action.pair.coupling?.base ?? null, due, row: dataverse, freightAccount },
    ...{ isForced: request.manner !== 'judge', before: before.values },
    order: { values: order.values, lines, getsLines },
  });
  if (decision.kind === 'problem') return { writes: nothing, failure: decision.problem };
  const writes = decision.value;
  return { writes, failure: isAny(writes) ? whyClosed(order) : null };
}

function nameOf({ end }: Work): string {
  return end.action.name;
}

/** Reopening made other versions, so what is there is read once more; the discount comes last (D-30). */
async function write(scope: RunScope, works: readonly Work[], account: string | null): Promise<void> {
  await decide(scope, works, account);
  const { businessCentral } = scope.ports;
  const ofFreight = works.filter(({ failure, writes }) => failure === null && writes.freight !== null);
  if (ofFreight.length > 0) {
    const outcomes = await businessCentral.writeLines(lineSet, ofFreight.flatMap(freightWrite));
    for (const [index, work] of ofFreight.entries()) take(work, outcomes[index]);
    await refresh(scope, ofFreight);
  }
  const ofDiscount = works.filter(
    ({ failure, writes }) => failure === null && writes.discountAmount !== null,
  );
  if (ofDiscount.length === 0) return;
  const updates = ofDiscount.map(({ order, writes }) => {
    return { record: order, values: { discountAmount: writes.discountAmount } };
  });
  const outcomes = await businessCentral.update(scope.selections.businessCentral, updates);
  for (const [index, work] of ofDiscount.entries()) take(work, outcomes[index]);
}

function freightWrite({ order, writes: { freight } }: Work): readonly DocumentLineWrite[] {
  if (freight === null) return [];
  const { values } = freight;
  return freight.kind === 'create'
    ? [{ kind: 'create', documentId: order.id, values }]
    : [{ kind: 'update', id: freight.line.id, etag: freight.line.etag, values }];
}

/** A line touches its order, whose version guards the discount. */
async function refresh(scope: RunScope, works: readonly Work[]): Promise<void> {
  const open = works.filter(({ failure, writes }) => failure === null && writes.discountAmount !== null);
  if (open.length === 0) return;
  const ids = open.map(({ order }) => order.id);
  const found = await scope.ports.businessCentral.readByIds(scope.selections.businessCentral, ids);
  const byId = new Map<BusinessCentralId, BusinessCentralRecord>(found.map((order) => [order.id, order]));
  for (const work of open) work.order = byId.get(work.order.id) ?? work.order;
}

function take(work: Work, outcome: WriteOutcome<unknown> | undefined): void {
  if (outcome?.status === 'done') {
    work.isWritten = true;
    return;
  }
  const [kind, told] =
    outcome?.status === 'refused'
      ? ([outcome.problem.kind, outcome.problem.message] as const)
      : (['transient', 'it was changed meanwhile, or the answer did not tell the outcome.'] as const);
  const message = `Discount and freight of "${nameOf(work)}" were not sent to Business Central: ${told}`;
  work.failure ??= problem('follow-up-failed', { kind, message, parameters: [kind, told] });
}

/** Couplings are read again: they remember an order that could not be released (D-91). */
async function settle(facts: PassFacts, works: readonly Work[]): Promise<Partial<Counters>> {
  const { scope, pass, syncJobId } = facts;
  const { ports, mapping, state } = scope;
  const ids = works.map(({ order }) => order.id);
  const found = await ports.couplings.byBusinessCentralIds(mapping.name, ids, state.coupledCount);
  const byId = new Map<string, Coupling>(found.map((coupling) => [coupling.businessCentralId, coupling]));
  const settled = works.flatMap((work) => {
    const coupling = byId.get(work.order.id);
    return work.failure === null && coupling ? [agreed(scope, work, coupling, syncJobId)] : [];
  });
  await ports.couplings.save(
    mapping.name,
    settled.map((coupling) => ({ kind: 'replace', coupling })),
  );
  const failed = works.flatMap((work) => {
    const coupling = byId.get(work.order.id);
    if (work.failure === null || !coupling) return [];
    const before = work.end.action.pair.coupling;
    const earlier = before ? { [pass]: lastResult(before, pass), lastError: before.lastError } : {};
    const pair = { ...work.end.action.pair, coupling: { ...coupling, ...earlier } };
    return [{ status: 'failed', action: { ...work.end.action, pair }, problem: work.failure, work } as const];
  });
  const { skipped } = await saveFailures(facts, failed);
  return countersOf(works, failed.length - skipped, skipped);
}

function agreed(
  { digest }: RunScope,
  { end, writes }: Work,
  coupling: Coupling,
  syncJobId: PassFacts['syncJobId'],
): Coupling {
  const isFailed = coupling.toDataverse?.result === 'failure';
  // A mark that is still there waits for its release.
  const state = coupling.isReopened ? coupling.state : isFailed ? 'failed' : 'synchronized';
  const success = { result: 'success', syncJobId, fingerprint: null } as const;
  return {
    ...coupling,
    state,
    base: agreedBase(digest, coupling.base, end.dataverse, writes),
    toBusinessCentral: coupling.isReopened ? coupling.toBusinessCentral : success,
  };
}

/** Records counted as done that failed now, and those that nothing was written to before. */
function countersOf(works: readonly Work[], failed: number, skipped: number): Partial<Counters> {
  const counts: Record<string, number> = { failed, skipped };
  const add = (name: string, by: number) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  for (const { end, failure, isWritten } of works) {
    if (failure !== null) add(counterOf(end.kind), -1);
    else if (isWritten && end.kind === 'unchanged') {
      add(counterOf('unchanged'), -1);
      add(counterOf('modify'), 1);
    }
  }
  return counts;
}
