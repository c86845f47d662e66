/** Recommends what a full synchronisation is to do with a mapping, by what there is on both sides (E-134, A-81). */
import type { TableMapping } from '../mappings/model.ts';
import type { Recommendation } from './review.ts';

/** Whether a side has records within the mapping's filter; null where it does not matter. */
export interface SidesFilled {
  readonly businessCentral: boolean | null;
  readonly dataverse: boolean | null;
}

/** What has to be looked at before a mapping can be recommended anything. */
export type RecommendationBasis = 'nothing' | 'baseCurrency' | 'businessCentral' | 'unitGroups' | 'bothSides';

/** E-134: salespeople need no look, currencies one at Sales alone, options one at Business Central alone. */
export function recommendationBasis({ kind, businessCentral, dataverse }: TableMapping): RecommendationBasis {
  if (kind === 'option') return 'businessCentral';
  if (dataverse.table === 'systemuser') return 'nothing';
  if (dataverse.table === 'transactioncurrency' && businessCentral.entitySet === 'currencies') {
    return 'baseCurrency';
  }
  // The default unit group comes with one unit of its own.
  return ['uomschedule', 'uom'].includes(dataverse.table) ? 'unitGroups' : 'bothSides';
}

/** Both empty: nothing to do; both filled: couple; one filled: full (E-134). */
export function recommendBySides({ businessCentral, dataverse }: SidesFilled): Recommendation {
  if (dataverse === null) return businessCentral ? 'couple' : 'none';
  if (businessCentral && dataverse) return 'couple';
  return businessCentral || dataverse ? 'full' : 'none';
}

/** Full when Sales has its base currency alone, by its rate of 1 (E-134). */
export function recommendCurrency(exchangeRates: readonly number[]): Recommendation {
  return exchangeRates.length === 1 && exchangeRates[0] === 1 ? 'full' : 'couple';
}
