/** Creates documents with their lines, each in a request of its own within one batch (D-31, D-37, D-68 steps 1 to 3, D-117). */
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { DocumentProgress } from '../../domain/couplings/coupling.ts';
import { namesOf } from '../../domain/documents/documentType.ts';
import { headerCreated } from '../../domain/documents/orderStages.ts';
import { problem } from '../../domain/sync/problems.ts';
import { asCode } from '../../domain/sync/values.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import {
  type DocumentEnd,
  type DocumentScope,
  type DocumentWork,
  failedEnd,
  type Staged,
} from './documentScope.ts';
import { saveProgress } from './saveProgress.ts';

/** Writes reservations down; documents that cannot be taken end there. */
export type Reserve = (works: readonly DocumentWork[]) => Promise<Staged>;

/** Reserves and creates; what had no answer stays reserved and is looked for by the next run. */
export async function sendDocuments(
  scope: DocumentScope,
  works: readonly DocumentWork[],
  reserve: Reserve,
): Promise<Staged> {
  let open = works;
  const going: DocumentWork[] = [];
  const ended: DocumentEnd[] = [];
  while (open.length > 0) {
    const { now, later } = distinctMarkers(open);
    await scope.renew();
    const claimed = await reserve(now.map(unsent));
    ended.push(...claimed.ended);
    const sent = await send(scope, claimed.going);
    going.push(...sent.going);
    ended.push(...sent.ended);
    const unanswered = new Set(
      sent.ended.flatMap((end) =>
        end.status === 'failed' && end.problem.code === 'outcome-unknown' ? [end.id] : [],
      ),
    );
    const blocked = new Set(now.filter(({ header }) => unanswered.has(header.id)).map(markerOf));
    ended.push(
      ...later.filter((work) => blocked.has(markerOf(work))).map((work) => waitsForTwin(scope, work)),
    );
    open = later.filter((work) => !blocked.has(markerOf(work)));
  }
  return { going, ended };
}

/** Two documents that look alike are never under way at once, so that a lost one can be told from the other (D-69). */
function distinctMarkers(works: readonly DocumentWork[]) {
  const seen = new Set<string>();
  const now: DocumentWork[] = [];
  const later: DocumentWork[] = [];
  for (const work of works) {
    (seen.has(markerOf(work)) ? later : now).push(work);
    seen.add(markerOf(work));
  }
  return { now, later };
}

/** Documents with equal markers cannot be told apart in Business Central. */
export function markerOf({ intent: { document } }: DocumentWork): string {
  return JSON.stringify([asCode(document.externalDocumentNumber), document.customerNumber]);
}

/** The end of a document that has to wait until another one that looks like it was found. */
function waitsForTwin({ type }: DocumentScope, { header }: DocumentWork): DocumentEnd {
  const message = `Another ${type} of this name and customer was sent without an answer; this one follows when it was found.`;
  return failedEnd(header, problem('outcome-unknown', { message }));
}

function unsent(work: DocumentWork): DocumentWork {
  const { intent } = work;
  const document: DocumentProgress = {
    ...intent.document,
    stage: 'reserved',
    businessCentralId: null,
    number: '',
  };
  return { ...work, intent: { ...intent, document } };
}

async function send(scope: DocumentScope, works: readonly DocumentWork[]): Promise<Staged> {
  if (works.length === 0) return { going: [], ended: [] };
  const { businessCentral, couplings } = scope.ports;
  const { lineEntitySet } = namesOf(scope.type);
  const inserts = works.map(({ plan }) => ({
    values: plan.header,
    children: { navigation: lineEntitySet, rows: plan.lines.map(({ values }) => values) },
  }));
  const outcomes = await businessCentral.create({ ...scope.documents, companions: [] }, inserts);
  const going = works.flatMap((work, index) => createdWork(work, outcomes[index]) ?? []);
  const ended = works.flatMap((work, index) => sendFailure(scope, work, outcomes[index]) ?? []);
  await saveProgress(scope, going);
  const refused = works.filter((_, index) => isRefused(outcomes[index])).map(({ header }) => header.id);
  if (refused.length > 0) await couplings.removeIntents(scope.mapping, refused);
  return { going, ended };
}

type Outcome = WriteOutcome<BusinessCentralRecord> | undefined;

function createdWork(work: DocumentWork, outcome: Outcome): DocumentWork | null {
  if (outcome?.status !== 'done') return null;
  const { id, values } = outcome.record;
  const document = headerCreated(work.intent.document, id, String(values['number'] ?? ''));
  return { ...work, isFresh: true, intent: { ...work.intent, document } };
}

function isRefused(outcome: Outcome): boolean {
  return outcome?.status === 'refused' || outcome?.status === 'exists';
}

function sendFailure(
  { type }: DocumentScope,
  { header }: DocumentWork,
  outcome: Outcome,
): DocumentEnd | null {
  if (outcome?.status === 'done') return null;
  if (outcome?.status === 'refused') {
    const { kind, message, serviceCode } = outcome.problem;
    const refusal = `Business Central refused the ${type}: ${message}`;
    return failedEnd(
      header,
      problem('insert-failed', { message: refusal, kind, parameters: [serviceCode, message] }),
    );
  }
  const told = outcome?.status === 'unknown' ? outcome.message : 'The answer did not tell the outcome.';
  return failedEnd(header, problem('outcome-unknown', { message: told }));
}
