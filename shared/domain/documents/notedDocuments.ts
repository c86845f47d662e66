/** Documents whose notes are kept in step. */
import { type BusinessCentralId, type DataverseId, mappingName } from '../common/ids.ts';
import type { Coupling } from '../couplings/coupling.ts';

/** The job; couplings, errors and the retry list of notes of orders stand under its name (J-80). */
export const notesJobName = mappingName('SALES ORDER NOTES');

/** Orders whose notes were all looked at once, each pair of orders as a coupling; new pairs are those without. */
export const notedOrdersName = mappingName('SALESORDER-NOTES');

/** Couplings of notes of quotes, by which the notes of an earlier revision are found. */
export const quoteNotesName = mappingName('SALESQUOTE-NOTES');

/** A document on both sides. */
export interface NotedDocument {
  readonly businessCentralId: BusinessCentralId;
  readonly dataverseId: DataverseId;
  /** As users of Business Central know it. */
  readonly number: string;
  /** Whether it is there in Business Central; nothing can be written to one that was posted or deleted. */
  readonly exists: boolean;
}

/** The orders of these couplings; orders that left Business Central have no notes there (D-94). */
export function notedOrders(couplings: readonly Coupling[]): readonly NotedDocument[] {
  return couplings
    .filter(({ archive }) => archive === undefined)
    .map(({ businessCentralId, dataverseId, businessCentralName }) => ({
      ...{ businessCentralId, dataverseId, number: businessCentralName, exists: true },
    }));
}
