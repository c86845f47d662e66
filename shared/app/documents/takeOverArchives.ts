/** ARCHIVED SALES ORDERS: what became of orders that left Business Central (D-94, D-95). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow, FieldValue } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { occurrenceColumn } from '../../domain/documents/occurrence.ts';
import { archiveValues, newestVersion } from '../../domain/documents/orderArchives.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { orderDocumentStates } from '../../domain/mappings/default/salesOrderRule.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { type CodeJob, type CodeJobScope, finishCodeJobRow, openCodeJobRow } from '../jobs/codeJob.ts';
import { renewLease } from '../run/lease.ts';
import { writeStated } from '../run/writeInStates.ts';
import { couplingsByNumber } from './couplingsByNumber.ts';
import { orderMapping } from './postOrderStatus.ts';
import { readArchives } from './readArchives.ts';
import { linesToTake, type OrderWithArchive, takeOverLines } from './takeOverLines.ts';

type Row = Readonly<Record<string, FieldValue>>;

const unpostedStatuses: readonly FieldValue[] = ['Draft', 'In Review'];

/**
 * Goes through the couplings that wait for an archive; one whose order was invoiced, or is gone, is handled for good. Safe
 * to repeat: only what the Sales order does not hold yet is written. Without archives in this environment the job is off.
 */
export const takeOverArchives: CodeJob = async (scope) => {
  const { ports, lease } = scope;
  const waiting = await waitingCouplings(scope);
  if (waiting.length === 0) return { status: 'done', syncJobs: [] };
  const numbers = waiting.map(({ businessCentralName }) => businessCentralName);
  const archives = await readArchives(ports, numbers);
  if (archives === null) return { status: 'done', syncJobs: [] };
  const row = await openCodeJobRow(scope, 'toDataverse');
  await renewLease(ports, lease);
  const counts = await takeOver(scope, waiting, archives);
  return { status: 'done', syncJobs: [await finishCodeJobRow(scope, row, counts)] };
};

async function waitingCouplings({ ports }: CodeJobScope): Promise<readonly Coupling[]> {
  const waiting: Coupling[] = [];
  for await (const page of couplingsByNumber(ports, orderMapping)) {
    waiting.push(...[...page.values()].filter(({ archive }) => archive === 'waiting'));
  }
  return waiting;
}

function filterOf(property: string, text: string): string {
  return `${property} eq '${text.replaceAll("'", "''")}'`;
}

/** An order that waits, with its row as it is and the newest version of its archive. */
interface Taken extends OrderWithArchive {
  readonly row: DataverseRow;
}

const wanted = ['statecode', 'statuscode', 'datefulfilled', 'discountpercentage', occurrenceColumn];

async function takeOver(
  scope: CodeJobScope,
  couplings: readonly Coupling[],
  archives: readonly Row[],
): Promise<Counters> {
  const { ports } = scope;
  const table = await ports.dataverse.table('salesorder');
  const selection = { table: 'salesorder', attributes: wanted.filter((name) => name in table.attributes) };
  const rows = await readRows(ports, selection, couplings);
  const gone = couplings.filter(({ dataverseId }) => !rows.has(dataverseId));
  const found = couplings.flatMap((coupling): readonly Taken[] => {
    const row = rows.get(coupling.dataverseId);
    const own = archives.filter(
      (archive) => canonicalText(archive['number']) === coupling.businessCentralName,
    );
    const archive = row ? newestVersion(own, row.values[occurrenceColumn] ?? null) : null;
    return row && archive ? [{ coupling, row, archive }] : [];
  });
  const lines = await takeLines(scope, selection, found);
  const invoiced = await invoicedNumbers(scope, couplings);
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
    unchanged: couplings.length - changed.size,
  });
}

async function readRows(
  { dataverse }: CodeJobScope['ports'],
  selection: DataverseSelection,
  couplings: readonly Pick<Coupling, 'dataverseId'>[],
): Promise<ReadonlyMap<DataverseId, DataverseRow>> {
  const ids = couplings.map(({ dataverseId }) => dataverseId);
  const rows = ids.length === 0 ? [] : await dataverse.readByIds(selection, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Lines first, while their order is open; a fulfilled or closed order keeps those it has. An order that a crash leaves open is
 * found Active by the next run, which closes it with the rest.
 */
async function takeLines(scope: CodeJobScope, selection: DataverseSelection, found: readonly Taken[]) {
  const { dataverse } = scope.ports;
  const isOpen = ({ row }: Taken) => stateOf(row.values).statecode <= orderDocumentStates.reopenedUpTo;
  const taken = await linesToTake(scope, found.filter(isOpen));
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
  const rows = await readRows(
    scope.ports,
    selection,
    going.map(({ order }) => order.coupling),
  );
  return {
    orders: found.map((order) => ({ ...order, row: rows.get(order.row.id) ?? order.row })),
    again: new Set([...again, ...shut]),
    changed: going.map(({ order }) => order.coupling.dataverseId),
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

/** Numbers of orders from which an invoice was posted; the archive does not tell (D-95). */
async function invoicedNumbers(
  { ports }: CodeJobScope,
  couplings: readonly Coupling[],
): Promise<ReadonlySet<string>> {
  const invoices = await ports.businessCentral.readRowsByFilters({
    entitySet: 'salesInvoices',
    route: 'v2.0',
    select: ['orderNumber', 'status'],
    filters: couplings.map(({ businessCentralName }) => filterOf('orderNumber', businessCentralName)),
  });
  const posted = invoices.filter(({ status }) => !unpostedStatuses.includes(status ?? null));
  return new Set(posted.map((invoice) => canonicalText(invoice['orderNumber'])));
}
