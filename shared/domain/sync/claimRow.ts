/** A row from which a Business Central record was made becomes one of our company (E-88, E-96). */
import type { TableMapping } from '../mappings/model.ts';
import { companyColumn, companyValues } from './companyStamp.ts';
import type { EntityRule, RuleContext } from './entityRule.ts';
import type { DoneRecord, FollowUpWrite } from './followUps.ts';

/** The rule of a mapping, which in addition stamps rows after their record was created in Business Central. */
export function claiming(mapping: TableMapping, rule: EntityRule): EntityRule {
  return {
    ...rule,
    followUps: (pass, done, related, context, lookups) => {
      const outcome = rule.followUps(pass, done, related, context, lookups);
      if (outcome.kind === 'problem' || pass === 'toDataverse') return outcome;
      return { kind: 'writes', writes: [...outcome.writes, ...claim(mapping, done, context)] };
    },
  };
}

/** After the rule's own writes, which may go to the same row. */
const lastPhase = 90;

function claim(mapping: TableMapping, done: DoneRecord, { stamp }: RuleContext): readonly FollowUpWrite[] {
  const { table } = mapping.dataverse;
  const isMade = done.kind === 'insert';
  const isOurs = stamp.company === null || done.dataverse.values[companyColumn] === stamp.company;
  if (!isMade || isOurs) return [];
  return [{ kind: 'updateRow', phase: lastPhase, table, row: done.dataverse, values: companyValues(stamp) }];
}
