/** Settles quotes that were closed or deleted in Sales while they were on their way (D-98, D-120). */
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { CreateIntent } from '../../../domain/couplings/coupling.ts';
import type { DocumentEnd } from '../documentScope.ts';
import { recoverDocuments } from '../recoverDocuments.ts';
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
  const standing = byQuote(intents);
  const stages = headers.flatMap((header): QuoteStage[] => {
    const intent = standing.get(header.id);
    return intent?.document ? [{ header, intent: { ...intent, document: intent.document } }] : [];
  });
  const recovered = await recoverDocuments(scope, stages.filter(isReserved), intents);
  const unmade = recovered.going.filter(isReserved);
  const dropped = [...over.map(({ dataverseId }) => dataverseId), ...unmade.map(({ header }) => header.id)];
  if (dropped.length > 0) await scope.ports.couplings.removeIntents(quoteMappingName, dropped);
  const made = [
    ...stages.filter((stage) => !isReserved(stage)),
    ...recovered.going.filter((stage) => !isReserved(stage)),
  ];
  const coupled = await coupleQuotes(scope, made);
  const unneeded = unmade.map(({ header }): DocumentEnd => {
    return { id: header.id, header, status: 'alreadyCoupled', number: '' };
  });
  return [...recovered.ended, ...coupled, ...unneeded];
}

function isReserved({ intent }: QuoteStage): boolean {
  return intent.document.stage === 'reserved';
}
