/** Invoices that stand otherwise than when both sides last agreed, handed to the run of their mapping. */
import { type BusinessCentralId, mappingName } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import {
  type InvoiceStand,
  rememberedStand,
  standOf,
  standProperties,
} from '../../domain/documents/invoiceState.ts';
import { addCounters, type Counters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { DigestText } from '../../domain/sync/digests.ts';
import { nothingSettled } from '../../domain/sync/plannedRow.ts';
import type { PlannedAction } from '../../domain/sync/planTypes.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import { runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** The mapping of the invoices. */
export const invoices = mappingName('POSTEDSALESINV-INV');

/** Invoices whose state is written at a time; what bounds memory. */
const writesAtATime = 500;

/** A renewal of invoice states on its way. */
export interface InvoiceWork {
  readonly ports: SyncPorts;
  readonly mappings: readonly TableMapping[];
  readonly mapping: TableMapping;
  readonly run: Pick<QueuedRun, 'runId' | 'trigger'>;
  readonly digest: DigestText;
  /** Nothing is written; what would be done is told in `planned`. */
  readonly isDryRun: boolean;
  /** Invoices whose run is over; the second look leaves them alone, so that each is counted once (P5). */
  readonly worked: Set<BusinessCentralId>;
  counts: Counters;
  planned: PlannedAction[];
  /** Another run held the mapping: not everything was done. */
  isBusy: boolean;
}

/** A coupled invoice and how it stood when both sides last agreed. */
export interface RememberedInvoice {
  readonly id: BusinessCentralId;
  readonly coupling: Coupling;
  readonly stand: InvoiceStand;
}

/** Couplings that never were synchronised, or wait for a user, are left to the run of the mapping. */
export function remembered(digest: DigestText, couplings: readonly Coupling[]): readonly RememberedInvoice[] {
  return couplings.flatMap((coupling) => {
    const { businessCentralId: id, base, state } = coupling;
    const stand = state === 'skipped' ? null : rememberedStand(digest, base);
    return stand === null ? [] : [{ id, coupling, stand }];
  });
}

/** The coupled ones among the invoices of these numbers, or of customers with these numbers. */
export async function couplingsOf(
  { ports, mapping, digest }: InvoiceWork,
  property: 'number' | 'sellToCustomerNumber',
  numbers: readonly string[],
): Promise<readonly RememberedInvoice[]> {
  if (numbers.length === 0) return [];
  const records = await ports.businessCentral.readByValues(selectionOf(mapping), property, numbers);
  if (records.length === 0) return [];
  const { state } = await ports.mappings.get(invoices);
  const ids = records.map(({ id }) => id);
  const couplings = await ports.couplings.byBusinessCentralIds(invoices, ids, state.coupledCount);
  return remembered(digest, couplings);
}

function selectionOf({ businessCentral }: TableMapping): BusinessCentralSelection {
  const { entitySet, route, keyProperty } = businessCentral;
  return { entitySet, route, properties: [keyProperty, ...standProperties], companions: [] };
}

/** Reads these invoices and has those worked on that stand otherwise now; the others count as unchanged. */
export async function renewMoved(work: InvoiceWork, all: readonly RememberedInvoice[]): Promise<void> {
  const known = all.filter(({ id }) => !work.worked.has(id));
  if (known.length === 0) return;
  const { ports, mapping } = work;
  const before = new Map(known.map((each) => [each.id, each]));
  const records = await ports.businessCentral.readByIds(selectionOf(mapping), [...before.keys()]);
  const hasMoved = ({ id, values }: BusinessCentralRecord) => standOf(values) !== before.get(id)?.stand;
  const moved = records.filter(hasMoved).map(({ id }) => id);
  const standing = records.filter((record) => !hasMoved(record));
  work.counts = addCounters(work.counts, { unchanged: standing.length });
  if (work.isDryRun) work.planned.push(...standing.map((record) => unchanged(record, before.get(record.id))));
  for (let start = 0; start < moved.length; start += writesAtATime) {
    await runChosen(work, moved.slice(start, start + writesAtATime));
  }
}

function unchanged(record: BusinessCentralRecord, known: RememberedInvoice | undefined): PlannedAction {
  const coupling = known?.coupling ?? null;
  return {
    mapping: invoices,
    direction: 'toDataverse',
    businessCentralId: record.id,
    dataverseId: coupling?.dataverseId ?? null,
    name: coupling?.businessCentralName ?? '',
    pair: { businessCentral: record, dataverse: null, coupling },
    kind: 'unchanged',
    ...nothingSettled,
  };
}

/** The ordinary run of the mapping for these invoices, with its own row of the log (E-151). */
async function runChosen(work: InvoiceWork, ids: readonly BusinessCentralId[]): Promise<void> {
  for (const id of ids) work.worked.add(id);
  const { ports, mappings, mapping, run } = work;
  const request = {
    ...runRequestFor(mapping, { runId: run.runId, trigger: 'action' }, work.isDryRun),
    trigger: run.trigger,
    chosen: { businessCentral: ids, dataverse: [], withinFilter: true },
  };
  const result = await runMapping(ports, mappings, request);
  if (result.status !== 'done') {
    work.isBusy = true;
    return;
  }
  work.planned.push(...result.plan);
  for (const { counts } of result.syncJobs) work.counts = addCounters(work.counts, counts);
}
