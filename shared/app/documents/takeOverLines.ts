/** Brings the lines of archived orders to the Sales orders they belonged to (D-95). */
import { type DataverseId, mappingName } from '../../domain/common/ids.ts';
import { instant } from '../../domain/common/instants.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
} from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { dataverseIdFor } from '../../domain/couplings/dataverseIdFor.ts';
import {
  archivedLine,
  archiveLinePage,
  type DetailWork,
  detailAttributes,
  detailValues,
  detailWork,
} from '../../domain/documents/archivedLines.ts';
import { orderLineRule } from '../../domain/mappings/default/orderLineRule.ts';
import { emptyContext, type RuleContext, type RuleSubject } from '../../domain/sync/entityRule.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { CouplingWrite } from '../../ports/couplingStore.ts';
import type { DeleteOutcome, WriteOutcome } from '../../ports/writeOutcome.ts';
import type { CodeJobScope, PlanScope } from '../jobs/codeJob.ts';
import { LookupBook } from '../run/lookupBook.ts';
import { UnitBook } from '../run/unitBook.ts';
import { configuredAccounts } from './documentSetup.ts';

const lineSet = 'salesOrderArchiveLines';
const lineMapping = mappingName('SOLINE-ORDERDETAIL');
const detailTable = 'salesorderdetail';

type Row = Readonly<Record<string, FieldValue>>;

/** An order with its archive. */
export interface OrderWithArchive {
  readonly coupling: Coupling;
  readonly archive: Row;
}

/** An order with what its lines need. */
export interface LinesToTake {
  readonly order: OrderWithArchive;
  readonly work: DetailWork;
}

/**
 * What the lines of these orders need, of those only that need something. Nothing where this version of the service does
 * not show archived lines. Raises SyncFailure when they cannot be read.
 */
export async function linesToTake(
  { ports }: PlanScope,
  orders: readonly OrderWithArchive[],
): Promise<readonly LinesToTake[]> {
  const shown = orders.length === 0 ? null : await ports.businessCentral.standardProperties(lineSet);
  const page = shown && archiveLinePage(shown);
  if (!page) return [];
  const ids = orders.map(({ coupling }) => coupling.dataverseId);
  const selection = { table: detailTable, attributes: detailAttributes };
  const [lines, details] = await Promise.all([
    readLines(ports, page, orders),
    ports.dataverse.readByValues(selection, 'salesorderid', ids),
  ]);
  const couplings = await ports.couplings.byDataverseIds(
    lineMapping,
    details.map(({ id }) => id),
    details.length,
  );
  const coupled = new Set<string>(couplings.map(({ dataverseId }) => dataverseId));
  return orders.flatMap((order, index) => {
    const own = details.filter(({ values }) => isOf(order, values['salesorderid']));
    const work = detailWork(lines[index] ?? [], own, ({ id }) => coupled.has(id));
    const isNeeded = work.updates.length + work.missing.length + work.doomed.length > 0;
    return isNeeded ? [{ order, work }] : [];
  });
}

function isOf({ coupling }: OrderWithArchive, id: FieldValue | undefined): boolean {
  return canonicalText(id).toLowerCase() === coupling.dataverseId;
}

/** A batch per hundred orders. */
async function readLines(
  { businessCentral }: CodeJobScope['ports'],
  page: NonNullable<ReturnType<typeof archiveLinePage>>,
  orders: readonly OrderWithArchive[],
): Promise<readonly (readonly Row[])[]> {
  const select = [...Object.values(page.properties), ...page.link];
  const filters = orders.map(({ archive }) => page.filterOf(archive));
  const rows = await businessCentral.readRowsByFilters({
    entitySet: lineSet,
    route: 'v2.0',
    select,
    filters,
  });
  return orders.map(({ archive }) =>
    rows.filter((row) => page.isOf(row, archive)).map((row) => archivedLine(page, row)),
  );
}

/**
 * Carries it out while the orders are open for writing; gives the orders back that have to be tried again. A line whose
 * product or unit is not coupled is left out (D-95), and what is refused is told in the log. Safe to repeat: new details have
 * keys that are always the same.
 */
export async function takeOverLines(
  scope: CodeJobScope,
  taken: readonly LinesToTake[],
): Promise<ReadonlySet<DataverseId>> {
  const { dataverse } = scope.ports;
  const again = new Set<DataverseId>();
  const each = <Entry>(entriesOf: (work: DetailWork) => readonly Entry[]) =>
    taken.flatMap(({ order, work }) =>
      entriesOf(work).map((entry) => ({ entry, id: order.coupling.dataverseId })),
    );
  const judge = (orders: readonly { readonly id: DataverseId }[], outcomes: readonly Outcome[]) => {
    for (const [index, { id }] of orders.entries()) if (isToRepeat(scope, outcomes[index])) again.add(id);
  };
  const doomed = each(({ doomed: rows }) => rows);
  if (doomed.length > 0) {
    const rows = doomed.map(({ entry }) => entry);
    const outcomes = await dataverse.delete(detailTable, rows);
    judge(doomed, outcomes);
    await forget(
      scope,
      rows.filter((_, index) => ['done', 'missing'].includes(outcomes[index]?.status ?? '')),
    );
  }
  const selection = { table: detailTable, attributes: detailAttributes };
  const updates = each((work) => work.updates);
  if (updates.length > 0) {
    const sent = updates.map(({ entry: { row, values } }) => ({ id: row.id, etag: row.etag, values }));
    judge(updates, await dataverse.update(selection, sent));
  }
  const inserts = await newDetails(scope, taken);
  if (inserts.length > 0) {
    const orders = inserts.map(({ order }) => ({ id: order }));
    judge(orders, await dataverse.create(selection, inserts));
  }
  return again;
}

type Outcome = DeleteOutcome | WriteOutcome<unknown>;

function isToRepeat({ ports }: CodeJobScope, outcome: Outcome | undefined): boolean {
  switch (outcome?.status) {
    case 'done':
    case 'exists':
    case 'missing':
      return false;
    case 'refused':
      ports.log('warning', 'order-archive-line-not-taken', { reason: outcome.problem.message });
      return false;
    default:
      return true;
  }
}

async function forget({ ports }: CodeJobScope, rows: readonly DataverseRow[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const couplings = await ports.couplings.byDataverseIds(lineMapping, ids, ids.length);
  const writes = couplings.map(({ businessCentralId, dataverseId }): CouplingWrite => {
    return { kind: 'remove', businessCentralId, dataverseId };
  });
  if (writes.length > 0) await ports.couplings.save(lineMapping, writes);
}

interface NewDetail {
  /** Id of the row of the order. */
  readonly order: DataverseId;
  readonly id: DataverseId;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
}

async function newDetails(scope: CodeJobScope, taken: readonly LinesToTake[]): Promise<readonly NewDetail[]> {
  const missing = taken.flatMap(({ order, work }) => work.missing.map((line) => ({ order, line })));
  if (missing.length === 0) return [];
  const { ports, mappings } = scope;
  const { id: companyId } = await ports.businessCentral.company();
  const { writeInProduct } = await configuredAccounts(ports);
  const salesSetup = { ...emptyContext.salesSetup, writeInProduct };
  const unitGroupMapping = mappings.some(({ name }) => name === 'UNIT GROUP');
  const context: RuleContext = { ...emptyContext, companyId, salesSetup, unitGroupMapping };
  const records = missing.map(({ order, line }) => recordOf(order, line));
  const names = records.flatMap((record) => orderLineRule.unitGroupNames('toDataverse', record, context));
  const references = records.flatMap((record) => orderLineRule.references('toDataverse', record, context));
  const [unitGroups, lookups] = await Promise.all([
    new UnitBook(ports).named(names),
    new LookupBook(ports, mappings, { companyId, mayWrite: true }).resolve(references),
  ]);
  const shared = {
    pass: 'toDataverse',
    dataverse: null,
    lookups,
    insertOrdinal: 0,
    waitingFields: [],
  } as const;
  return missing.flatMap(({ order, line }, index): readonly NewDetail[] => {
    const subject: RuleSubject = {
      ...{ ...shared, businessCentral: records[index] ?? null, isUnsettled: true, inputChanged: () => true },
      context: { ...context, unitGroups },
    };
    const outcome = orderLineRule.onInsert(subject);
    if (outcome.kind !== 'values') return [];
    const owner = mappingName(`ARCHIVED LINE ${canonicalText(line['sequence'])}`);
    const id = dataverseIdFor(companyId, owner, order.coupling.businessCentralId);
    return [{ id, order: order.coupling.dataverseId, values: { ...detailValues(line), ...outcome.values } }];
  });
}

/** The line as the rule of living lines reads one; its header is known by the id of the order that is gone. */
function recordOf({ coupling }: OrderWithArchive, line: Row): BusinessCentralRecord {
  return {
    id: coupling.businessCentralId,
    etags: {},
    modifiedAt: instant('1970-01-01T00:00:00.000Z'),
    values: { ...line, documentId: coupling.businessCentralId },
  };
}
