/** What making quotes of Business Central out of quotes of Sales works with. */
import type { DataverseId, SyncJobId } from '../../../domain/common/ids.ts';
import { mappingName } from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import type { MappingState } from '../../../ports/mappingStore.ts';
import type { PlanScope } from '../../jobs/codeJob.ts';
import { type DocumentScope, type DocumentWork, openDocumentScope } from '../documentScope.ts';
import { type OrderScope, openOrderScope } from '../orders/orderScope.ts';

/** Under this name couplings and reservations of quotes are kept; there is no table mapping of it. */
export const quoteMappingName = mappingName('SALESQUOTE-QUOTE');

/** Errors and the retry list of quotes stand under the name that the job's rows of the log have (J-80). */
export const quoteErrorsName = mappingName('AUTO PROCESS SALES QUOTES');

/** Won quotes that are done, each with its order in Business Central, or with its quote while there is no order (D-110, D-118). */
export const wonQuoteMappingName = mappingName('SALESQUOTE-ORDER');

/** What finding, coupling and remembering a quote takes. */
export type QuoteStage = Pick<DocumentWork, 'header' | 'intent'>;

export interface QuoteScope extends DocumentScope {
  readonly orders: OrderScope;
  /** A user asked for these quotes: orders that wait for one are tried again (D-71). */
  readonly isAsked: boolean;
}

/** The scope of a run that writes. */
export interface QuoteRunScope extends QuoteScope {
  /** The row of the log that errors of this run belong to. */
  readonly syncJobId: SyncJobId;
}

/** What a scope is opened for. */
export interface QuoteScopeOptions {
  readonly renew: () => Promise<void>;
  readonly mayWrite: boolean;
  readonly isAsked: boolean;
}

/** Builds the scope of one run of the job, or of its plan; `state` is what the job remembers. */
export async function openQuoteScope(
  { ports, mappings }: PlanScope,
  { coupledCount }: Pick<MappingState, 'coupledCount'>,
  options: QuoteScopeOptions,
): Promise<QuoteScope> {
  const [scope, orders] = await Promise.all([
    openDocumentScope(ports, mappings, { ...options, type: 'quote', mapping: quoteMappingName }),
    openOrderScope(ports, mappings, options),
  ]);
  // Quotes have no mapping whose state could tell; the job remembers how many were coupled.
  return { ...scope, orders, isAsked: options.isAsked, coupledCount: async () => coupledCount };
}

/** Couplings of these quotes, by quote. */
export async function couplingsOf(
  scope: QuoteScope,
  headers: readonly Pick<DataverseRow, 'id'>[],
): Promise<ReadonlyMap<string, Coupling>> {
  if (headers.length === 0) return new Map();
  const ids: readonly DataverseId[] = headers.map(({ id }) => id);
  const count = await scope.coupledCount();
  const couplings = await scope.ports.couplings.byDataverseIds(quoteMappingName, ids, count);
  return new Map(couplings.map((coupling) => [coupling.dataverseId as string, coupling]));
}

/** Reservations that stand, by quote. */
export function byQuote(intents: readonly CreateIntent[]): ReadonlyMap<string, CreateIntent> {
  return new Map(intents.map((intent) => [intent.dataverseId as string, intent]));
}
