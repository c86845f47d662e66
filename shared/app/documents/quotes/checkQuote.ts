/** Whether a quote that a user names is to be processed, and what became of one that was (D-107, D-108, D-119, D-156). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { documentProblem } from '../../../domain/documents/documentProblems.ts';
import { isTaken } from '../../../domain/documents/quoteStages.ts';
import type { TableMapping } from '../../../domain/mappings/model.ts';
import { belongsToUs } from '../../../domain/sync/companyStamp.ts';
import type { RecordProblem } from '../../../domain/sync/problems.ts';
import { sourceNotFound } from '../../actions/checkPartners.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { type DocumentAnswer, failureAnswer } from '../documentAnswer.ts';
import { readHeaders } from '../documentRows.ts';
import { sortQuotes } from './processQuotes.ts';
import { openQuoteScope, quoteErrorsName, quoteMappingName } from './quoteScope.ts';

/** Whether there is something to do, and whether the quote is in Business Central already. */
export interface CheckedQuote {
  /** Null when the quote is to be processed. */
  readonly answer: DocumentAnswer | null;
  readonly isCoupled: boolean;
}

/** Reads the quote; writes nothing. Raises SyncFailure `source-not-found`. */
export async function checkQuote(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  id: DataverseId,
): Promise<CheckedQuote> {
  const [header] = await readHeaders(ports, 'quote', [id]);
  if (!header) throw sourceNotFound('Sales', id);
  const { state } = await ports.mappings.get(quoteErrorsName);
  const options = { renew: async () => {}, mayWrite: false, isAsked: true };
  const scope = await openQuoteScope({ ports, mappings }, state, options);
  const { settled, couplings } = await sortQuotes(scope, [header]);
  const coupling = couplings.get(id);
  const isCoupled = coupling !== undefined;
  if (!isTaken(header)) return { answer: told('failed', notActive()), isCoupled };
  if (!belongsToUs(await scope.company.stamp(), header)) return { answer: othersQuote, isCoupled };
  const isSettled = settled.length > 0 && coupling !== undefined;
  return { answer: isSettled ? told('skipped', alreadyProcessed(coupling)) : null, isCoupled };
}

/** What became of a quote that was asked for, once the run is over; null while nothing is known. */
export async function quoteAnswer(
  ports: SyncPorts,
  id: DataverseId,
  wasCoupled: boolean,
): Promise<DocumentAnswer | null> {
  const failure = await failureAnswer(ports, quoteErrorsName, id);
  if (failure) return failure;
  const [coupling] = await ports.couplings.byDataverseIds(quoteMappingName, [id], 1);
  if (!coupling) return null;
  const name = coupling.businessCentralName;
  return wasCoupled
    ? {
        status: 'accepted',
        code: 'alreadyCoupled',
        message: `The quote is quote ${name}, and its order was seen to.`,
      }
    : { status: 'accepted', code: 'created', message: `The quote is quote ${name} in Business Central now.` };
}

function told(status: 'failed' | 'skipped', { code, message }: RecordProblem): DocumentAnswer {
  return { status, code, message };
}

function notActive(): RecordProblem {
  return documentProblem('quote', 'QUOTE_NOT_ACTIVE', 'The quote is neither active nor won.');
}

function alreadyProcessed({ businessCentralName }: Coupling): RecordProblem {
  const message = `The quote is quote ${businessCentralName} in Business Central already.`;
  return documentProblem('quote', 'QUOTE_ALREADY_PROCESSED', message);
}

const othersQuote: DocumentAnswer = {
  status: 'skipped',
  code: 'other-company',
  message: 'The quote belongs to another company.',
};
