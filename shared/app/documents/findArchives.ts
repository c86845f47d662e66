/** Orders that left Business Central, with what their archives tell (D-94, D-95); reads only. */
import type { DataverseId } from '../../domain/common/ids.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { occurrenceColumn } from '../../domain/documents/occurrence.ts';
import { newestVersion } from '../../domain/documents/orderArchives.ts';
import { isPosted } from '../../domain/documents/postedInvoices.ts';
import { orderDocumentStates } from '../../domain/mappings/default/salesOrderRule.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { PlanScope } from '../jobs/codeJob.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { couplingsByNumber } from './couplingsByNumber.ts';
import { orderMapping } from './postOrderStatus.ts';
import { readArchives } from './readArchives.ts';
import type { OrderWithArchive } from './takeOverLines.ts';

const wanted = ['statecode', 'statuscode', 'datefulfilled', 'discountpercentage', occurrenceColumn];

/** Stands for the archive of an order that has none: nothing is taken from it. */
const noArchive: OrderWithArchive['archive'] = {};

/** An order that waits, with its row as it is and the newest version of its archive. */
export interface ArchivedRow extends OrderWithArchive {
  readonly row: DataverseRow;
}

/** What is known of the couplings that wait. */
export interface FoundArchives {
  readonly waiting: readonly Coupling[];
  /** The columns of Sales orders that are read and written. */
  readonly selection: DataverseSelection;
  readonly found: readonly ArchivedRow[];
  /** Their Sales order does not exist any more. */
  readonly gone: readonly Coupling[];
  /** Numbers of orders from which an invoice was posted. */
  readonly invoiced: ReadonlySet<string>;
}

/**
 * Few requests, however many wait; null when none does, or nothing is known of any. An order that was invoiced needs no
 * archive to become invoiced in Sales: environments without archives, and companies that do not archive, have none (D-33,
 * D-80). Raises SyncFailure.
 */
export async function findArchives(scope: PlanScope): Promise<FoundArchives | null> {
  const { ports } = scope;
  const waiting = await waitingCouplings(scope);
  if (waiting.length === 0) return null;
  const numbers = waiting.map(({ businessCentralName }) => businessCentralName);
  const archives = await readArchives(ports, numbers);
  const table = await ports.dataverse.table('salesorder');
  const selection = { table: 'salesorder', attributes: wanted.filter((name) => name in table.attributes) };
  const [rows, invoiced] = await Promise.all([
    readOrderRows(ports, selection, waiting),
    invoicedNumbers(ports, waiting),
  ]);
  const found = waiting.flatMap((coupling): readonly ArchivedRow[] => {
    const row = rows.get(coupling.dataverseId);
    if (!row) return [];
    const number = coupling.businessCentralName;
    const own = (archives ?? []).filter((archive) => canonicalText(archive['number']) === number);
    const newest = newestVersion(own, row.values[occurrenceColumn] ?? null);
    const archive = newest ?? (invoiced.has(number) ? noArchive : null);
    return archive ? [{ coupling, row, archive }] : [];
  });
  const gone = waiting.filter(({ dataverseId }) => !rows.has(dataverseId));
  if (archives === null && found.length + gone.length === 0) return null;
  return { waiting, selection, found, gone, invoiced };
}

/** Whether the lines of the Sales order may still change; a fulfilled or closed order keeps those it has. */
export function takesLines({ row, archive }: ArchivedRow): boolean {
  return archive !== noArchive && stateOf(row.values).statecode <= orderDocumentStates.reopenedUpTo;
}

/** The Sales orders of these couplings, as far as they exist. */
export async function readOrderRows(
  { dataverse }: Pick<SyncPorts, 'dataverse'>,
  selection: DataverseSelection,
  couplings: readonly Pick<Coupling, 'dataverseId'>[],
): Promise<ReadonlyMap<DataverseId, DataverseRow>> {
  const ids = couplings.map(({ dataverseId }) => dataverseId);
  const rows = ids.length === 0 ? [] : await dataverse.readByIds(selection, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

async function waitingCouplings({ ports }: PlanScope): Promise<readonly Coupling[]> {
  const waiting: Coupling[] = [];
  for await (const page of couplingsByNumber(ports, orderMapping)) {
    waiting.push(...[...page.values()].filter(({ archive }) => archive === 'waiting'));
  }
  return waiting;
}

/** The archive does not tell whether the order was invoiced (D-95). */
async function invoicedNumbers(
  { businessCentral }: Pick<SyncPorts, 'businessCentral'>,
  couplings: readonly Coupling[],
): Promise<ReadonlySet<string>> {
  const invoices = await businessCentral.readRowsByFilters({
    entitySet: 'salesInvoices',
    route: 'v2.0',
    select: ['orderNumber', 'status'],
    filters: couplings.map(({ businessCentralName: number }) => `orderNumber eq ${textLiteral(number)}`),
  });
  const posted = invoices.filter(({ status }) => isPosted(status));
  return new Set(posted.map((invoice) => canonicalText(invoice['orderNumber'])));
}
