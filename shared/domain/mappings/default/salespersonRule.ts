/** The entity rule of SALESPEOPLE: codes for new salespeople (E-89). */
import { type EntityRule, plainRule, type RuleOutcome, type RuleSubject } from '../../sync/entityRule.ts';

const prefix = 'SP NO. ';

/** The highest number among codes of the series `SP NO. 00001`; 0 when there is none. */
function highestNumber(codes: readonly string[]): number {
  const numbers = codes.map((code) => /^SP NO\. (\d+)$/.exec(code)?.[1]).map((digits) => Number(digits ?? 0));
  return numbers.reduce((highest, number) => Math.max(highest, number), 0);
}

function newSalesperson({ context, insertOrdinal }: RuleSubject): RuleOutcome {
  const number = highestNumber(context.salespersonCodes) + 1 + insertOrdinal;
  return { kind: 'values', values: { code: `${prefix}${String(number).padStart(5, '0')}` } };
}

/** Gives a new salesperson the code after the highest of its series (E-89). */
export const salespersonRule: EntityRule = {
  ...plainRule,
  facts: ['salespersonCodes'],
  losesCouplingWithRecord: true,
  joinsOwningTeam: true,
  onInsert: newSalesperson,
};
