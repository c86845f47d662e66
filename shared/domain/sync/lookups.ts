/** Answers to "which record of the other side does this reference mean?", gathered before planning. */
import type { Side } from '../common/directions.ts';
import type { MappingName } from '../common/ids.ts';

/**
 * `coupled`: the counterpart's id, and the Business Central key of the pair. `blank`: the reference stands for
 * "no value" on the other side (local currency, E-73, E-74). `notCoupled`: it exists without a counterpart; `id` is its
 * own where it was asked for by key.
 * `notFound`: no such record. `noMapping`: no mapping couples such records (E-76). `unpaired`: an option
 * without a pair, which stays empty (E-81, seed rule).
 */
export type LookupAnswer =
  | { readonly status: 'coupled'; readonly id: string; readonly key: string }
  | { readonly status: 'blank' }
  | { readonly status: 'notCoupled'; readonly id?: string }
  | { readonly status: 'notFound' }
  | { readonly status: 'noMapping' }
  | { readonly status: 'unpaired' };

/** A reference found on one side: by the key of a Business Central record, or by id. */
export interface Reference {
  readonly mapping: MappingName;
  readonly side: Side;
  /** `key`: the mapping's key property (code or number); `id`: SystemId or row id. */
  readonly by: 'key' | 'id';
  readonly value: string;
  /** The record it means is synchronised first when it is not coupled yet, if its mapping may create (E-66). */
  readonly synchroniseFirst?: boolean;
}

/** The text under which an answer is kept. */
export function referenceKey(reference: Reference): string {
  return `${reference.mapping}|${reference.side}|${reference.by}|${reference.value}`;
}

/** All answers gathered so far; a reference nobody asked for counts as not coupled. */
export class Lookups {
  readonly #answers: ReadonlyMap<string, LookupAnswer>;
  /** Code that means blank in Business Central; '' when not known. */
  readonly localCurrencyCode: string;

  constructor(answers: ReadonlyMap<string, LookupAnswer>, localCurrencyCode: string) {
    this.#answers = answers;
    this.localCurrencyCode = localCurrencyCode;
  }

  find(reference: Reference): LookupAnswer {
    return this.#answers.get(referenceKey(reference)) ?? { status: 'notCoupled' };
  }
}
