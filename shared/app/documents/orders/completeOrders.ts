/** Adds to orders in Business Central what they lack: lines, net prices, discount, values of the companion page (D-30, D-63, D-70). */
import type { BusinessCentralRecord } from '../../../domain/common/records.ts';
import {
  headerCorrections,
  missingLines,
  priceCorrections,
} from '../../../domain/documents/completeDocument.ts';
import { documentProblem } from '../../../domain/documents/documentProblems.ts';
import { completed } from '../../../domain/documents/orderStages.ts';
import { problem, type RecordProblem } from '../../../domain/sync/problems.ts';
import type { DocumentLine, DocumentLineWrite } from '../../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../../ports/writeOutcome.ts';
import {
  failedEnd,
  type OrderEnd,
  type OrderScope,
  type OrderWork,
  orderMappingName,
  type Staged,
} from './orderScope.ts';
import { invoiceNumbers } from './planOrders.ts';
import { saveProgress } from './saveProgress.ts';

const linesSet = 'salesOrderLines';
const lineProperties = ['sequence', 'unitPrice', 'taxPercent'];
/** Only such an order can be written to (D-34). */
const editable = 'Draft';

/** An order with its record and, where they matter, its lines. */
interface Existing {
  readonly work: OrderWork;
  readonly record: BusinessCentralRecord;
}

/** Reads the orders and writes what is missing; nothing is deleted. Repeating changes nothing that is right. */
export async function completeOrders(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  if (works.length === 0) return { going: [], ended: [] };
  const { existing, ended: gone, invoiced } = await readOrders(scope, works);
  const failures = new Map<OrderWork, RecordProblem>();
  const lines = await completeLines(scope, existing, failures);
  const rest = existing.filter(({ work }) => !failures.has(work));
  await completeHeaders(scope, lines.changed ? await readAgain(scope, rest) : rest, failures);
  const done = [...rest.map(({ work }) => work).filter((work) => !failures.has(work)), ...invoiced];
  const going = done.map((work) => ({
    ...work,
    intent: { ...work.intent, document: completed(work.intent.document, work.header) },
  }));
  await saveProgress(scope, going);
  const failed = [...failures].map(([{ header }, raised]) => failedEnd(header, raised));
  return { going, ended: [...gone, ...failed] };
}

async function readOrders(scope: OrderScope, works: readonly OrderWork[]) {
  const ids = works.flatMap(({ intent }) => intent.document.businessCentralId ?? []);
  const records = await scope.ports.businessCentral.readByIds(scope.orders, ids);
  const byId = new Map<string, BusinessCentralRecord>(records.map((record) => [record.id, record]));
  const recordOf = ({ intent }: OrderWork) => byId.get(intent.document.businessCentralId ?? '');
  const existing = works.flatMap((work): Existing[] => {
    const record = recordOf(work);
    return record ? [{ work, record }] : [];
  });
  return {
    existing,
    ...(await judgeGone(
      scope,
      works.filter((work) => !recordOf(work)),
    )),
  };
}

/** An order that left Business Central meanwhile was invoiced, or somebody deleted it: then it is made anew. */
async function judgeGone(scope: OrderScope, works: readonly OrderWork[]) {
  const ended: OrderEnd[] = [];
  const invoiced: OrderWork[] = [];
  if (works.length === 0) return { ended, invoiced };
  const invoices = await invoiceNumbers(
    scope,
    works.map(({ intent }) => intent.document.number),
  );
  const deleted = works.filter(({ intent }) => !invoices.has(intent.document.number));
  invoiced.push(...works.filter((work) => !deleted.includes(work)));
  for (const { header, intent } of deleted) {
    const message = `The order ${intent.document.number} was deleted in Business Central before it was complete.`;
    ended.push(failedEnd(header, problem('record-changed', { message })));
  }
  if (deleted.length > 0)
    await scope.ports.couplings.removeIntents(
      orderMappingName,
      deleted.map(({ header }) => header.id),
    );
  return { ended, invoiced };
}

/** Orders this run made have all their lines; they are read only for prices that contain tax. */
function needsLines({ work, record }: Existing): boolean {
  const hasTax = work.plan.lines.some(({ hasTaxInPrice }) => hasTaxInPrice);
  return !work.isFresh || (hasTax && record.values['pricesIncludeTax'] !== true);
}

async function completeLines(
  scope: OrderScope,
  all: readonly Existing[],
  failures: Map<OrderWork, RecordProblem>,
): Promise<{ readonly changed: boolean }> {
  const wanted = all.filter(needsLines);
  if (wanted.length === 0) return { changed: false };
  const before = await readLines(scope, wanted);
  const creates = wanted.flatMap((each) => lineCreates(each, before, failures));
  await writeLines(scope, creates, failures);
  const after = creates.length > 0 ? await readLines(scope, wanted) : before;
  const updates = wanted
    .filter(({ work }) => !failures.has(work))
    .flatMap((each) => priceUpdates(each, linesOf(each, after)));
  await writeLines(scope, updates, failures);
  return { changed: creates.length + updates.length > 0 };
}

function readLines({ ports }: OrderScope, all: readonly Existing[]): Promise<readonly DocumentLine[]> {
  const documentIds = all.map(({ record }) => record.id);
  return ports.businessCentral.readLines({ entitySet: linesSet, properties: lineProperties, documentIds });
}

function linesOf({ record }: Existing, lines: readonly DocumentLine[]): readonly DocumentLine[] {
  return lines.filter(({ documentId }) => documentId === record.id);
}

interface LineWrite {
  readonly work: OrderWork;
  readonly write: DocumentLineWrite;
}

function lineCreates(
  each: Existing,
  lines: readonly DocumentLine[],
  failures: Map<OrderWork, RecordProblem>,
): readonly LineWrite[] {
  const { work, record } = each;
  const missing = missingLines(work.plan.lines, linesOf(each, lines));
  if (missing.length > 0 && record.values['status'] !== editable) {
    failures.set(work, locked(work, missing.length));
    return [];
  }
  return missing.map(({ values }) => ({ work, write: { kind: 'create', documentId: record.id, values } }));
}

function locked({ intent }: OrderWork, count: number): RecordProblem {
  const { number } = intent.document;
  const message = `The order ${number} lacks ${count} lines, and it is released or waits for approval.`;
  return documentProblem('order', 'ORDER_HALF_CREATED_LOCKED', message, [number]);
}

function priceUpdates({ work, record }: Existing, lines: readonly DocumentLine[]): readonly LineWrite[] {
  if (record.values['status'] !== editable) return [];
  const includesTax = record.values['pricesIncludeTax'] === true;
  return priceCorrections(work.plan.lines, lines, includesTax).map(({ line, values }) => ({
    work,
    write: { kind: 'update', id: line.id, etag: line.etag, values },
  }));
}

async function writeLines(
  { ports }: OrderScope,
  writes: readonly LineWrite[],
  failures: Map<OrderWork, RecordProblem>,
): Promise<void> {
  if (writes.length === 0) return;
  const outcomes = await ports.businessCentral.writeLines(
    linesSet,
    writes.map(({ write }) => write),
  );
  for (const [index, { work }] of writes.entries()) {
    const raised = incomplete(work, outcomes[index]);
    if (raised && !failures.has(work)) failures.set(work, raised);
  }
}

async function readAgain(scope: OrderScope, all: readonly Existing[]): Promise<readonly Existing[]> {
  const records = await scope.ports.businessCentral.readByIds(
    scope.orders,
    all.map(({ record }) => record.id),
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  return all.map(({ work, record }) => ({ work, record: byId.get(record.id) ?? record }));
}

async function completeHeaders(
  { ports, orders, extrasSet }: OrderScope,
  all: readonly Existing[],
  failures: Map<OrderWork, RecordProblem>,
): Promise<void> {
  const updates = all.flatMap(({ work, record }) => {
    const values = headerCorrections(work.plan, record.values, extrasSet);
    const isOpen = record.values['status'] === editable;
    return isOpen && Object.keys(values).length > 0 ? [{ work, record, values }] : [];
  });
  if (updates.length === 0) return;
  const outcomes = await ports.businessCentral.update(orders, updates);
  for (const [index, { work }] of updates.entries()) {
    const raised = incomplete(work, outcomes[index]);
    if (raised) failures.set(work, raised);
  }
}

function incomplete({ intent }: OrderWork, outcome: WriteOutcome<unknown> | undefined): RecordProblem | null {
  if (outcome?.status === 'done') return null;
  const { number } = intent.document;
  if (outcome?.status === 'refused') {
    const { kind, message: told, serviceCode } = outcome.problem;
    const message = `The order ${number} was created, but could not be completed: ${told}`;
    return problem('insert-incomplete', { message, kind, parameters: [number, serviceCode] });
  }
  const message = `The order ${number} was created, but is not complete yet; the next run goes on.`;
  return problem('insert-incomplete', { message, parameters: [number] });
}
