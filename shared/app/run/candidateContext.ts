/** What deciding whether records take part depends on (E-19): the run's facts, and the relations of a page's records. */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { withRelations } from './companyRelations.ts';
import { factsOf } from './gatherFacts.ts';
import type { RunScope } from './runScope.ts';

/** The context for a page of one side's records; what is read for it is remembered by the scope. */
export async function candidateContext(
  scope: RunScope,
  pass: PassDirection,
  records: readonly (BusinessCentralRecord | DataverseRow)[],
): Promise<RuleContext> {
  const ours = pass === 'toDataverse' ? (records as readonly BusinessCentralRecord[]) : [];
  return withRelations(scope, pass, ours, await factsOf(scope));
}
