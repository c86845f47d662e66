/** States with their statuses, as numbers that an entity rule relies on. */
import type { RuleOption } from './optionUses.ts';

/** Both numbers of each pair; the status has to belong to the state (dataverse-web-api section 8, D-13). Pure. */
export function statePairs(
  table: string,
  pairs: readonly { readonly statecode: number; readonly statuscode: number }[],
): readonly RuleOption[] {
  return pairs.flatMap(({ statecode, statuscode }): RuleOption[] => [
    { column: { table, attribute: 'statecode' }, value: statecode, state: null },
    { column: { table, attribute: 'statuscode' }, value: statuscode, state: statecode },
  ]);
}
