/** What orders made from Sales get beside their stamp where orders travel both ways (D-89 to D-91). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { DataverseWriteValue } from '../../../domain/common/records.ts';
import { hasOccurrence, occurrenceColumn, occurrenceOf } from '../../../domain/documents/occurrence.ts';
import { documentName } from '../../../domain/documents/planDocument.ts';
import { notReleased } from '../../../domain/documents/unreleasedOrders.ts';
import type { RecordProblem } from '../../../domain/sync/problems.ts';
import { canonicalText } from '../../../domain/sync/values.ts';
import { numberColumn } from '../documentRows.ts';
import { readArchives } from '../readArchives.ts';
import type { OrderScope, OrderWork } from './orderScope.ts';

type Made = Pick<OrderWork, 'header' | 'intent'>;
type Values = Readonly<Record<string, DataverseWriteValue>>;

function travels({ ports }: OrderScope): boolean {
  return ports.policy.documents.orderIntegration === 'bidirectional';
}

/**
 * Releases orders that are complete, as far as the companion app is there to do it (D-91); returns why others stay open.
 * Safe to repeat.
 */
export async function releaseCreated(
  scope: OrderScope,
  works: readonly Made[],
): Promise<ReadonlyMap<string, RecordProblem>> {
  const { ports, extrasSet } = scope;
  const orders = works.flatMap(({ header, intent: { document } }) => {
    const { businessCentralId: id, number } = document;
    return id === null ? [] : [{ id, number, name: documentName('order', header) }];
  });
  if (!travels(scope) || extrasSet === null || orders.length === 0) return new Map();
  const action = { entitySet: extrasSet, route: 'companion', action: 'release' } as const;
  const outcomes = await ports.businessCentral.act(
    action,
    orders.map(({ id }) => id),
  );
  return new Map(
    orders.flatMap((order, index): readonly [string, RecordProblem][] => {
      const outcome = outcomes[index];
      if (outcome?.status === 'done' || outcome?.status === 'missing') return [];
      const told = outcome !== undefined && 'problem' in outcome ? outcome.problem.message : null;
      return [[order.id, notReleased(order, told)]];
    }),
  );
}

/** Number and occurrence of each order for its row in Sales, where the row has the columns and not the values yet (D-89, D-90). */
export async function writtenBack(
  scope: OrderScope,
  works: readonly Made[],
): Promise<ReadonlyMap<DataverseId, Values>> {
  const columns = new Set(scope.headers.attributes);
  if (!travels(scope) || !columns.has(numberColumn)) return new Map();
  const untold = columns.has(occurrenceColumn) ? works.filter(({ header }) => !hasOccurrence(header)) : [];
  const occurrences = untold.length === 0 ? new Map() : await occurrencesOf(scope, untold);
  return new Map(
    works.map(({ header, intent }): [DataverseId, Values] => {
      const { number } = intent.document;
      const isTold = header.values[numberColumn] === number;
      const occurrence: number | undefined = occurrences.get(number);
      return [
        header.id,
        {
          ...(isTold ? {} : { [numberColumn]: number }),
          ...(occurrence === undefined ? {} : { [occurrenceColumn]: occurrence }),
        },
      ];
    }),
  );
}

/** By order number; empty where there are no archives to tell. */
async function occurrencesOf(
  { ports }: OrderScope,
  works: readonly Made[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = works.map(({ intent }) => intent.document.number);
  const archives = await readArchives(ports, numbers);
  if (archives === null) return new Map();
  const selection = {
    entitySet: 'salesOrders',
    route: 'v2.0',
    properties: ['orderDate'],
    companions: [],
  } as const;
  const ids = works.flatMap(({ intent }) => intent.document.businessCentralId ?? []);
  const orders = await ports.businessCentral.readByIds(selection, ids);
  const dates = new Map(orders.map(({ id, values }) => [id as string, values['orderDate'] ?? null]));
  return new Map(
    works.map(({ intent: { document } }): [string, number] => {
      const own = archives.filter((archive) => canonicalText(archive['number']) === document.number);
      return [document.number, occurrenceOf(own, dates.get(document.businessCentralId ?? '') ?? null)];
    }),
  );
}
