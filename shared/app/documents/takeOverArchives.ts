/** ARCHIVED SALES ORDERS: what became of orders that left Business Central (D-94, D-95). */
import type { FieldValue } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { occurrenceColumn } from '../../domain/documents/occurrence.ts';
import { archiveValues, newestVersion } from '../../domain/documents/orderArchives.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import { orderDocumentStates } from '../../domain/mappings/default/salesOrderRule.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import { type CodeJob, type CodeJobScope, finishCodeJobRow, openCodeJobRow } from '../jobs/codeJob.ts';
import { renewLease } from '../run/lease.ts';
import { writeStated } from '../run/writeInStates.ts';
import { couplingsByNumber } from './couplingsByNumber.ts';
import { orderMapping } from './postOrderStatus.ts';
import { readArchives } from './readArchives.ts';

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

async function takeOver(
  scope: CodeJobScope,
  couplings: readonly Coupling[],
  archives: readonly Row[],
): Promise<Counters> {
  const { ports } = scope;
  const table = await ports.dataverse.table('salesorder');
  const attributes = ['statecode', 'statuscode', 'datefulfilled', occurrenceColumn].filter(
    (name) => name in table.attributes,
  );
  const selection = { table: 'salesorder', attributes };
  const rows = await ports.dataverse.readByIds(
    selection,
    couplings.map(({ dataverseId }) => dataverseId),
  );
  const byId = new Map<string, (typeof rows)[number]>(rows.map((row) => [row.id, row]));
  const invoiced = await invoicedNumbers(scope, couplings);
  const handled: Coupling[] = couplings.filter(({ dataverseId }) => !byId.has(dataverseId));
  const updates = couplings.flatMap((coupling) => {
    const row = byId.get(coupling.dataverseId);
    const number = coupling.businessCentralName;
    const own = archives.filter((archive) => canonicalText(archive['number']) === number);
    const newest = row ? newestVersion(own, row.values[occurrenceColumn] ?? null) : null;
    if (!row || newest === null) return [];
    return [{ coupling, row, values: archiveValues(row, newest, invoiced.has(number)) }];
  });
  const open = updates.filter(({ values }) => Object.keys(values).length > 0);
  const outcomes = await writeStated(ports, selection, orderDocumentStates, open);
  const failed = open
    .filter((_, index) => outcomes[index]?.status !== 'done')
    .map(({ coupling }) => coupling);
  handled.push(...updates.map(({ coupling }) => coupling).filter((coupling) => !failed.includes(coupling)));
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'done') continue;
    const reason = 'problem' in outcome ? outcome.problem.message : outcome.status;
    ports.log('warning', 'order-archive-not-taken', {
      order: open[index]?.coupling.businessCentralName,
      reason,
    });
  }
  const writes = handled.map((coupling): CouplingWrite => {
    return { kind: 'replace', coupling: { ...coupling, archive: 'handled' } };
  });
  if (writes.length > 0) await ports.couplings.save(orderMapping, writes);
  return addCounters(zeroCounters, {
    modified: open.length - failed.length,
    failed: failed.length,
    unchanged: couplings.length - open.length,
  });
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
