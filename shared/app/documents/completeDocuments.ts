/** Adds to documents in Business Central what they lack: lines, net prices, discount, values of the companion page (D-30, D-63, D-70). */
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import {
  headerCorrections,
  missingLines,
  priceCorrections,
} from '../../domain/documents/completeDocument.ts';
import { documentProblem } from '../../domain/documents/documentProblems.ts';
import { type DocumentType, namesOf } from '../../domain/documents/documentType.ts';
import { completed } from '../../domain/documents/orderStages.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { DocumentLine, DocumentLineWrite } from '../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import {
  type DocumentEnd,
  type DocumentScope,
  type DocumentWork,
  documentsWithExtras,
  failedEnd,
  type Staged,
} from './documentScope.ts';
import { invoiceNumbers } from './invoiceNumbers.ts';
import { saveProgress } from './saveProgress.ts';

const lineProperties = ['sequence', 'unitPrice', 'taxPercent'];
/** Only such an order can be written to (D-34); quotes have no status that keeps them from it (D-22). */
const editable = 'Draft';

/** A document with its record and, where they matter, its lines. */
interface Existing {
  readonly work: DocumentWork;
  readonly record: BusinessCentralRecord;
}

/** Reads the documents and writes what is missing; nothing is deleted. Repeating changes nothing that is right. */
export async function completeDocuments(
  opened: DocumentScope,
  works: readonly DocumentWork[],
): Promise<Staged> {
  if (works.length === 0) return { going: [], ended: [] };
  const scope = { ...opened, documents: await documentsWithExtras(opened) };
  const { existing, ended: gone, invoiced } = await readDocuments(scope, works);
  const failures = new Map<DocumentWork, RecordProblem>();
  const lines = await completeLines(scope, existing, failures);
  const rest = existing.filter(({ work }) => !failures.has(work));
  await completeHeaders(scope, lines.changed ? await readAgain(scope, rest) : rest, failures);
  const done = [...rest.map(({ work }) => work).filter((work) => !failures.has(work)), ...invoiced];
  const going = done.map((work) => ({
    ...work,
    intent: { ...work.intent, document: doneWith(scope, work) },
  }));
  await saveProgress(scope, going);
  const failed = [...failures].map(([{ header }, raised]) => failedEnd(header, raised));
  return { going, ended: [...gone, ...failed] };
}

async function readDocuments(scope: DocumentScope, works: readonly DocumentWork[]) {
  const ids = works.flatMap(({ intent }) => intent.document.businessCentralId ?? []);
  const records = await scope.ports.businessCentral.readByIds(scope.documents, ids);
  const byId = new Map<string, BusinessCentralRecord>(records.map((record) => [record.id, record]));
  const recordOf = ({ intent }: DocumentWork) => byId.get(intent.document.businessCentralId ?? '');
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

/** A document that left Business Central meanwhile was invoiced, or somebody deleted it: then it is made anew. */
async function judgeGone(scope: DocumentScope, works: readonly DocumentWork[]) {
  const ended: DocumentEnd[] = [];
  const invoiced: DocumentWork[] = [];
  if (works.length === 0) return { ended, invoiced };
  const invoices = await invoiceNumbers(
    scope,
    works.map(({ intent }) => intent.document.number),
  );
  const deleted = works.filter(({ intent }) => !invoices.has(intent.document.number));
  invoiced.push(...works.filter((work) => !deleted.includes(work)));
  for (const { header, intent } of deleted) {
    const message = `The ${scope.type} ${intent.document.number} was deleted in Business Central before it was complete.`;
    ended.push(failedEnd(header, problem('record-changed', { message })));
  }
  if (deleted.length > 0)
    await scope.ports.couplings.removeIntents(
      scope.mapping,
      deleted.map(({ header }) => header.id),
    );
  return { ended, invoiced };
}

/** Quotes are not opened for a stamp, so there is no state to come back to (D-115). */
function doneWith({ type }: DocumentScope, { header, intent }: DocumentWork) {
  const document = completed(intent.document, header);
  return type === 'order' ? document : { ...document, endState: null };
}

function isEditable({ type }: Pick<DocumentScope, 'type'>, { values }: BusinessCentralRecord): boolean {
  return type === 'quote' || values['status'] === editable;
}

/** Documents this run made have all their lines; they are read only for prices that contain tax. */
function needsLines({ work, record }: Existing): boolean {
  const hasTax = work.plan.lines.some(({ hasTaxInPrice }) => hasTaxInPrice);
  return !work.isFresh || (hasTax && record.values['pricesIncludeTax'] !== true);
}

async function completeLines(
  scope: DocumentScope,
  all: readonly Existing[],
  failures: Map<DocumentWork, RecordProblem>,
): Promise<{ readonly changed: boolean }> {
  const wanted = all.filter(needsLines);
  if (wanted.length === 0) return { changed: false };
  const before = await readLines(scope, wanted);
  const creates = wanted.flatMap((each) => lineCreates(scope, each, before, failures));
  await writeLines(scope, creates, failures);
  const after = creates.length > 0 ? await readLines(scope, wanted) : before;
  const updates = wanted
    .filter(({ work }) => !failures.has(work))
    .flatMap((each) => priceUpdates(scope, each, linesOf(each, after)));
  await writeLines(scope, updates, failures);
  return { changed: creates.length + updates.length > 0 };
}

function readLines(
  { ports, type }: DocumentScope,
  all: readonly Existing[],
): Promise<readonly DocumentLine[]> {
  const documentIds = all.map(({ record }) => record.id);
  return ports.businessCentral.readLines({
    entitySet: namesOf(type).lineEntitySet,
    properties: lineProperties,
    documentIds,
  });
}

function linesOf({ record }: Existing, lines: readonly DocumentLine[]): readonly DocumentLine[] {
  return lines.filter(({ documentId }) => documentId === record.id);
}

interface LineWrite {
  readonly work: DocumentWork;
  readonly write: DocumentLineWrite;
}

function lineCreates(
  scope: DocumentScope,
  each: Existing,
  lines: readonly DocumentLine[],
  failures: Map<DocumentWork, RecordProblem>,
): readonly LineWrite[] {
  const { work, record } = each;
  const missing = missingLines(work.plan.lines, linesOf(each, lines));
  if (missing.length > 0 && !isEditable(scope, record)) {
    failures.set(work, locked(scope, work, missing.length));
    return [];
  }
  return missing.map(({ values }) => ({ work, write: { kind: 'create', documentId: record.id, values } }));
}

function locked({ type }: DocumentScope, { intent }: DocumentWork, count: number): RecordProblem {
  const { number } = intent.document;
  const message = `The ${type} ${number} lacks ${count} lines, and it is released or waits for approval.`;
  return documentProblem(type, 'HALF_CREATED_LOCKED', message, [number]);
}

function priceUpdates(
  scope: DocumentScope,
  { work, record }: Existing,
  lines: readonly DocumentLine[],
): readonly LineWrite[] {
  if (!isEditable(scope, record)) return [];
  const includesTax = record.values['pricesIncludeTax'] === true;
  return priceCorrections(work.plan.lines, lines, includesTax).map(({ line, values }) => ({
    work,
    write: { kind: 'update', id: line.id, etag: line.etag, values },
  }));
}

async function writeLines(
  { ports, type }: DocumentScope,
  writes: readonly LineWrite[],
  failures: Map<DocumentWork, RecordProblem>,
): Promise<void> {
  if (writes.length === 0) return;
  const outcomes = await ports.businessCentral.writeLines(
    namesOf(type).lineEntitySet,
    writes.map(({ write }) => write),
  );
  for (const [index, { work }] of writes.entries()) {
    const raised = incomplete(type, work, outcomes[index]);
    if (raised && !failures.has(work)) failures.set(work, raised);
  }
}

async function readAgain(scope: DocumentScope, all: readonly Existing[]): Promise<readonly Existing[]> {
  const records = await scope.ports.businessCentral.readByIds(
    scope.documents,
    all.map(({ record }) => record.id),
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  return all.map(({ work, record }) => ({ work, record: byId.get(record.id) ?? record }));
}

async function completeHeaders(
  { ports, type, documents }: DocumentScope,
  all: readonly Existing[],
  failures: Map<DocumentWork, RecordProblem>,
): Promise<void> {
  const [page] = documents.companions;
  const updates = all.flatMap(({ work, record }) => {
    const values = headerCorrections(work.plan, record.values, page ?? null);
    return isEditable({ type }, record) && Object.keys(values).length > 0 ? [{ work, record, values }] : [];
  });
  if (updates.length === 0) return;
  const outcomes = await ports.businessCentral.update(documents, updates);
  for (const [index, { work }] of updates.entries()) {
    const raised = incomplete(type, work, outcomes[index]);
    if (raised) failures.set(work, raised);
  }
}

function incomplete(
  type: DocumentType,
  { intent }: DocumentWork,
  outcome: WriteOutcome<unknown> | undefined,
): RecordProblem | null {
  if (outcome?.status === 'done') return null;
  const { number } = intent.document;
  if (outcome?.status === 'refused') {
    const { kind, message: told, serviceCode } = outcome.problem;
    const message = `The ${type} ${number} was created, but could not be completed: ${told}`;
    return problem('insert-incomplete', { message, kind, parameters: [number, serviceCode] });
  }
  const message = `The ${type} ${number} was created, but is not complete yet; the next run goes on.`;
  return problem('insert-incomplete', { message, parameters: [number] });
}
