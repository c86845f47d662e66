/** The states of products in Sales and their numbers (D-13). */
import type { RuleOption } from '../optionUses.ts';
import { statePairs } from '../statePairs.ts';

/** States of a product with the status that goes with each (dataverse-web-api section 8). */
export const productStates = {
  active: { statecode: 0, statuscode: 1 },
  retired: { statecode: 1, statuscode: 2 },
  draft: { statecode: 2, statuscode: 0 },
  revision: { statecode: 3, statuscode: 3 },
} as const;

/** The numbers the rule of products relies on. */
export const productStateOptions: readonly RuleOption[] = statePairs('product', Object.values(productStates));
