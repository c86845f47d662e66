/** Settles quotes that were closed or deleted in Sales while they were on their way (D-98, D-120). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { CreateIntent } from '../../../domain/couplings/coupling.ts';
import type { DocumentEnd } from '../documentScope.ts';
import { locateDocuments } from '../recoverDocuments.ts';
import { saveProgress } from '../saveProgress.ts';
import { coupleQuotes } from './coupleQuotes.ts';
import { byQuote, type QuoteScope, type QuoteStage, quoteMappingName } from './quoteScope.ts';

/**
 * A quote that came to Business Central is coupled, so that its next revision finds it; one that did not is not created any
 * more. `over`: reservations of quotes that no longer exist, or that are coupled. Safe to repeat.
 */
export async function settleAbandoned(
  scope: QuoteScope,
  headers: readonly DataverseRow[],
  over: readonly CreateIntent[],
  intents: readonly CreateIntent[],
): Promise<readonly DocumentEnd[]> {
  const { unmade, made, adopted, ended } = await sortAbandoned(scope, headers, intents);
  await saveProgress(scope, adopted);
  const dropped = [...over.map(({ dataverseId }) => dataverseId), ...unmade.map(({ header }) => header.id)];
  if (dropped.length > 0) await scope.ports.couplings.removeIntents(quoteMappingName, dropped);
  const coupled = await coupleQuotes(scope, [...made, ...adopted]);
  return [...ended, ...coupled, ...unmade.map(unneeded)];
}

/** Quotes that nobody wants any more, by whether they came to Business Central. */
export interface SortedAbandoned {
  readonly unmade: readonly QuoteStage[];
  readonly made: readonly QuoteStage[];
  /** Made by a run that lost the answer. */
  readonly adopted: readonly QuoteStage[];
  readonly ended: readonly DocumentEnd[];
}

/** Looks for them; writes nothing. */
export async function sortAbandoned(
  scope: QuoteScope,
  headers: readonly DataverseRow[],
  intents: readonly CreateIntent[],
): Promise<SortedAbandoned> {
  const standing = byQuote(intents);
  const stages = headers.flatMap((header): QuoteStage[] => {
    const intent = standing.get(header.id);
    return intent?.document ? [{ header, intent: { ...intent, document: intent.document } }] : [];
  });
  const located = await locateDocuments(scope, stages.filter(isReserved), intents);
  return {
    unmade: located.going.filter(isReserved),
    made: stages.filter((stage) => !isReserved(stage)),
    adopted: located.going.filter((stage) => !isReserved(stage)),
    ended: located.ended,
  };
}

/** Nothing is to be done about a quote that never came to Business Central. */
export function unneeded({ header }: QuoteStage): DocumentEnd {
  return { id: header.id, header, status: 'alreadyCoupled', number: '' };
}

function isReserved({ intent }: QuoteStage): boolean {
  return intent.document.stage === 'reserved';
}
