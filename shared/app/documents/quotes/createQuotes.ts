/**
 * Turns active and won quotes of Sales into quotes of Business Central (documents.md section 9).
 *
 * The stages are those of orders up to the complete document; then the quote is coupled, and nothing is written to Sales
 * (D-115). A new revision is written over the quote of the one it follows on (D-109).
 */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { CreateIntent } from '../../../domain/couplings/coupling.ts';
import { completeDocuments } from '../completeDocuments.ts';
import type { DocumentEnd, DocumentWork } from '../documentScope.ts';
import { copyQuoteNotes } from '../notes/copyQuoteNotes.ts';
import { planDocuments } from '../planDocuments.ts';
import { recoverDocuments } from '../recoverDocuments.ts';
import { saveProgress } from '../saveProgress.ts';
import { sendDocuments } from '../sendDocuments.ts';
import { coupleQuotes } from './coupleQuotes.ts';
import { findRevised } from './findRevised.ts';
import { byQuote, type QuoteScope, type QuoteStage } from './quoteScope.ts';
import { reviseQuotes } from './reviseQuotes.ts';

/** One end per quote; none of them is coupled yet. Failures are ends, not exceptions. Safe to repeat. */
export async function createQuotes(
  scope: QuoteScope,
  headers: readonly DataverseRow[],
  intents: readonly CreateIntent[],
): Promise<readonly DocumentEnd[]> {
  if (headers.length === 0) return [];
  const standing = byQuote(intents);
  const complete = headers.flatMap((header) => completeStage(header, standing.get(header.id)) ?? []);
  const finished = new Set(complete.map(({ header }) => header));
  const planned = await planDocuments(
    scope,
    headers.filter((header) => !finished.has(header)),
    standing,
  );
  const [begun, first] = partition(planned.going, ({ header }) => standing.has(header.id));
  const [reserved, created] = partition(begun, isReserved);
  const recovered = await recoverDocuments(scope, reserved, intents);
  const [unmade, adopted] = partition(recovered.going, isReserved);
  const sorted = await findRevised(scope, [...unmade, ...first], new Set(standing.keys()));
  const revised = await reviseQuotes(scope, sorted.revisions);
  const sent = await sendDocuments(scope, sorted.fresh, async (works) => {
    await saveProgress(scope, works);
    return { going: works, ended: [] };
  });
  const completed = await completeDocuments(scope, [...created, ...adopted, ...revised.going, ...sent.going]);
  const noted = await copyQuoteNotes(scope, [...complete, ...completed.going]);
  const coupled = await coupleQuotes(scope, noted.going);
  const failed = [planned, recovered, sorted, revised, sent, completed, noted].flatMap(({ ended }) => ended);
  return [...failed, ...coupled];
}

/** A quote that only has to be coupled needs no facts: whatever it refers to may have changed since. */
function completeStage(header: DataverseRow, intent: CreateIntent | undefined): QuoteStage | null {
  if (intent?.document?.stage !== 'complete') return null;
  return { header, intent: { ...intent, document: intent.document } };
}

function isReserved({ intent }: DocumentWork): boolean {
  return intent.document.stage === 'reserved';
}

function partition(
  works: readonly DocumentWork[],
  isFirst: (work: DocumentWork) => boolean,
): readonly [readonly DocumentWork[], readonly DocumentWork[]] {
  return [works.filter(isFirst), works.filter((work) => !isFirst(work))];
}
