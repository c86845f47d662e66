/** Reads which use of its number an order is, for Sales orders that do not tell yet (D-89). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { hasOccurrence, occurrenceColumn, occurrenceOf } from '../../domain/documents/occurrence.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import { readArchives } from '../documents/readArchives.ts';
import type { RunScope } from './runScope.ts';

/** The context with the occurrences of these pairs; one batch per hundred orders, and none for those that tell already. */
export async function withOccurrences(
  scope: RunScope,
  pass: PassDirection,
  pairs: readonly RecordPair[],
  context: RuleContext,
): Promise<RuleContext> {
  const { rule, selections, ports } = scope;
  const isAsked = rule.facts.includes('orderOccurrences') && pass === 'toDataverse';
  if (!isAsked || !selections.dataverse.attributes.includes(occurrenceColumn)) return context;
  const orders = pairs.flatMap(({ businessCentral, dataverse }) =>
    businessCentral && !(dataverse && hasOccurrence(dataverse)) ? [businessCentral] : [],
  );
  if (orders.length === 0) return context;
  const numberOf = ({ values }: (typeof orders)[number]) => canonicalText(values['number']);
  const archives = await readArchives(ports, orders.map(numberOf));
  if (archives === null) return context;
  const known = orders.map((order): [string, number] => {
    const own = archives.filter((archive) => canonicalText(archive['number']) === numberOf(order));
    return [order.id, occurrenceOf(own, order.values['orderDate'] ?? null)];
  });
  return { ...context, orderOccurrences: new Map([...context.orderOccurrences, ...known]) };
}
