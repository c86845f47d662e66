/** ARCHIVED SALES ORDERS: what became of orders that left Business Central (D-94, D-95). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { archiveValues } from '../../domain/documents/orderArchives.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { orderDocumentStates } from '../../domain/mappings/default/salesOrderRule.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { type CodeJob, type CodeJobScope, finishCodeJobRow, openCodeJobRow } from '../jobs/codeJob.ts';
import { renewLease } from '../run/lease.ts';
import { writeStated } from '../run/writeInStates.ts';
import { type FoundArchives, findArchives, readOrderRows, takesLines } from './findArchives.ts';
import { orderMapping } from './postOrderStatus.ts';
import { linesToTake, takeOverLines } from './takeOverLines.ts';

/**
 * Goes through the couplings that wait for an archive; one whose order was invoiced, or is gone, is handled for good. Safe
 * to repeat: only what the Sales order does not hold yet is written. Without archives in this environment only
 * invoiced orders come to their end.
 */
export const takeOverArchives: CodeJob = async (scope) => {
  const archives = await findArchives(scope);
  if (archives === null) return { status: 'done', syncJobs: [] };
  const row = await openCodeJobRow(scope, 'toDataverse');
  await renewLease(scope.ports, scope.lease);
  const counts = await takeOver(scope, archives);
  return { status: 'done', syncJobs: [await finishCodeJobRow(scope, row, counts)] };
};

async function takeOver(scope: CodeJobScope, archives: FoundArchives): Promise<Counters> {
  const { ports } = scope;
  const { waiting, selection, found, gone, invoiced } = archives;
  const lines = await takeLines(scope, archives);
  const updates = lines.orders.map(({ coupling, row, archive }) => {
    return { coupling, row, values: archiveValues(row, archive, invoiced.has(coupling.businessCentralName)) };
  });
  const open = updates.filter(({ values }) => Object.keys(values).length > 0);
  const outcomes = await writeStated(ports, selection, orderDocumentStates, open);
  const failed = new Set(
    open.filter((_, index) => outcomes[index]?.status !== 'done').map(({ coupling }) => coupling),
  );
  for (const [index, outcome] of outcomes.entries()) tell(scope, open[index]?.coupling, outcome);
  const handled = found
    .map(({ coupling }) => coupling)
    .filter((coupling) => !failed.has(coupling) && !lines.again.has(coupling.dataverseId));
  await markHandled(ports, [...gone, ...handled]);
  const changed = new Set([...open.map(({ coupling }) => coupling.dataverseId), ...lines.changed]);
  return addCounters(zeroCounters, {
    modified: changed.size - failed.size,
    failed: failed.size,
    unchanged: waiting.length - changed.size,
  });
}

/**
 * Lines first, while their order is open. An order that a crash leaves open is found Active by the next run, which closes it
 * with the rest.
 */
async function takeLines(scope: CodeJobScope, { selection, found }: FoundArchives) {
  const { dataverse } = scope.ports;
  const taken = await linesToTake(scope, found.filter(takesLines));
  if (taken.length === 0) return { orders: found, again: new Set<DataverseId>(), changed: [] };
  const ids = new Set(taken.map(({ order }) => order.coupling.dataverseId));
  const closed = found.filter(
    ({ row }) => ids.has(row.id) && stateOf(row.values).statecode !== orderDocumentStates.editable.statecode,
  );
  const values = { ...orderDocumentStates.editable };
  const opened = closed.map(({ row: { id, etag } }) => ({ id, etag, values }));
  const outcomes = opened.length === 0 ? [] : await dataverse.update(selection, opened);
  const shut = new Set(
    closed.filter((_, index) => outcomes[index]?.status !== 'done').map(({ row }) => row.id),
  );
  const going = taken.filter(({ order }) => !shut.has(order.coupling.dataverseId));
  const again = await takeOverLines(scope, going);
  const couplings = going.map(({ order }) => order.coupling);
  const rows = await readOrderRows(scope.ports, selection, couplings);
  return {
    orders: found.map((order) => ({ ...order, row: rows.get(order.row.id) ?? order.row })),
    again: new Set([...again, ...shut]),
    changed: couplings.map(({ dataverseId }) => dataverseId),
  };
}

function tell(
  { ports }: CodeJobScope,
  coupling: Coupling | undefined,
  outcome: WriteOutcome<DataverseRow>,
): void {
  if (outcome.status === 'done') return;
  const reason = 'problem' in outcome ? outcome.problem.message : outcome.status;
  ports.log('warning', 'order-archive-not-taken', { order: coupling?.businessCentralName, reason });
}

async function markHandled(
  { couplings }: CodeJobScope['ports'],
  handled: readonly Coupling[],
): Promise<void> {
  const writes = handled.map((coupling): CouplingWrite => {
    return { kind: 'replace', coupling: { ...coupling, archive: 'handled' } };
  });
  if (writes.length > 0) await couplings.save(orderMapping, writes);
}
