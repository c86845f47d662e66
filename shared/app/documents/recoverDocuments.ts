/** Finds documents that an earlier run may have made and lost the answer to (D-69, D-70, D-120). */
import { type BusinessCentralId, businessCentralId } from '../../domain/common/ids.ts';
import { shift } from '../../domain/common/instants.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import type { CreateIntent } from '../../domain/couplings/coupling.ts';
import { documentProblem } from '../../domain/documents/documentProblems.ts';
import { headerCreated } from '../../domain/documents/orderStages.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import {
  type DocumentEnd,
  type DocumentScope,
  type DocumentWork,
  failedEnd,
  type Staged,
} from './documentScope.ts';
import { saveProgress } from './saveProgress.ts';

/** What finding a document takes. */
type Reserved = Pick<DocumentWork, 'header' | 'intent'>;

/** The clocks of the two systems may differ; a document is looked for from this long before it was reserved (E-48). */
const clockToleranceMs = 10 * 60_000;

const properties = ['id', 'number', 'externalDocumentNumber', 'customerNumber', 'lastModifiedDateTime'];

/** Takes over what {@link locateDocuments} found. Safe to repeat. */
export async function recoverDocuments<Work extends Reserved>(
  scope: DocumentScope,
  works: readonly Work[],
  standing: readonly CreateIntent[],
): Promise<Staged<Work>> {
  const located = await locateDocuments(scope, works, standing);
  await saveProgress(
    scope,
    located.going.filter(({ intent }) => intent.document.businessCentralId !== null),
  );
  return located;
}

/**
 * Reserved documents of earlier runs: the one document in Business Central that has the marker, was made since and belongs to
 * nobody is theirs; several are an error; none means that it was not made. Reads in bulk, writes nothing.
 */
export async function locateDocuments<Work extends Reserved>(
  scope: DocumentScope,
  works: readonly Work[],
  standing: readonly CreateIntent[],
): Promise<Staged<Work>> {
  if (works.length === 0) return { going: [], ended: [] };
  const rows = distinct(await documentsLike(scope, works));
  const taken = new Set<string>([
    ...(await coupledIds(scope, rows)),
    ...standing.flatMap(({ document }) => document?.businessCentralId ?? []),
  ]);
  const going: Work[] = [];
  const adopted: Work[] = [];
  const ended: DocumentEnd[] = [];
  for (const work of works) {
    const [row, ...others] = rows.filter((each) => isLike(work, each) && !taken.has(idOf(each)));
    if (row === undefined) going.push(work);
    else if (others.length > 0) ended.push(ambiguous(scope, work, others.length + 1));
    else {
      taken.add(idOf(row));
      adopted.push(adoptedWork(work, idOf(row), canonicalText(row['number'])));
    }
  }
  return { going: [...going, ...adopted], ended };
}

/** Two filters may find the same document. */
function distinct(rows: readonly FieldValues[]): readonly FieldValues[] {
  return [...new Map(rows.map((row) => [idOf(row), row])).values()];
}

function idOf(row: FieldValues): BusinessCentralId {
  return businessCentralId(canonicalText(row['id']));
}

function adoptedWork<Work extends Reserved>(work: Work, id: BusinessCentralId, number: string): Work {
  const document = headerCreated(work.intent.document, id, number);
  return { ...work, intent: { ...work.intent, document } };
}

function ambiguous({ type }: DocumentScope, { header, intent }: Reserved, count: number): DocumentEnd {
  const { externalDocumentNumber } = intent.document;
  const message = `An earlier run may have created one of ${count} ${type}s with the external document number "${externalDocumentNumber}"; none was created again.`;
  return failedEnd(header, documentProblem(type, 'AMBIGUOUS_RECOVERY', message));
}

function documentsLike(
  { ports, documents }: DocumentScope,
  works: readonly Reserved[],
): Promise<readonly FieldValues[]> {
  const filters = works.map(({ intent: { document } }) => {
    const { externalDocumentNumber: number, customerNumber } = document;
    // Code fields hold upper-case text; whether a filter is brought into that form is not documented.
    const spellings = [...new Set([number, asCode(number)])].map(
      (each) => `externalDocumentNumber eq ${textLiteral(each)}`,
    );
    return `(${spellings.join(' or ')}) and customerNumber eq ${textLiteral(customerNumber)}`;
  });
  return ports.businessCentral.readRowsByFilters({
    entitySet: documents.entitySet,
    route: documents.route,
    select: properties,
    filters: [...new Set(filters)],
  });
}

function isLike({ intent }: Reserved, row: FieldValues): boolean {
  const { externalDocumentNumber, customerNumber } = intent.document;
  return (
    codeIn(row, 'externalDocumentNumber') === asCode(externalDocumentNumber) &&
    codeIn(row, 'customerNumber') === asCode(customerNumber) &&
    canonicalText(row['lastModifiedDateTime']) >= shift(intent.startedAt, -clockToleranceMs)
  );
}

function codeIn(row: FieldValues, property: string): string {
  return asCode(canonicalText(row[property]));
}

async function coupledIds(scope: DocumentScope, rows: readonly FieldValues[]): Promise<readonly string[]> {
  if (rows.length === 0) return [];
  const couplings = await scope.ports.couplings.byBusinessCentralIds(
    scope.mapping,
    rows.map(idOf),
    await scope.coupledCount(),
  );
  return couplings.map((coupling) => coupling.businessCentralId);
}
