/** Payments and cancellations: the state of invoices in Sales follows what is left to pay in Business Central (D-132 to D-134). */
import { mappingName } from '../../domain/common/ids.ts';
import { type Instant, later } from '../../domain/common/instants.ts';
import { isStillOpen } from '../../domain/documents/invoiceState.ts';
import { type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { advanced, readFrom, type Watermark } from '../../domain/sync/watermark.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { releaseLease, renewLease, takeLease } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { couplingsOf, type InvoiceWork, invoices, remembered, renewMoved } from './movedInvoices.ts';

/** Where what was seen of closed invoices is remembered, and the lease of whoever looks. */
export const invoiceStatesBookmark = mappingName('POSTEDSALESINV-INV STATES');

const couplingsAtATime = 1_000;

/** What of the buffer of invoices tells that one may stand otherwise; drafts and their numbers are nobody's business here. */
const statusSelection = {
  entitySet: 'salesInvoices',
  route: 'v2.0',
  properties: ['number', 'status'],
  companions: [],
} as const;
const postedStatuses: readonly unknown[] = ['Open', 'Paid', 'Canceled', 'Corrective'];

/** `busy`: another run works on invoices or their states; what is left is done by the next call. */
export interface RenewedInvoiceStates {
  readonly status: 'done' | 'busy';
  /** Modified: invoices whose state moved. Unchanged: those that were looked at and stand as before. Failed: refused ones. */
  readonly counts: Counters;
}

/**
 * Brings the state of every coupled invoice in line with Business Central: Billed, Paid with the reason Partial or Complete,
 * Canceled. Payments leave no trace in modification times, so all coupled invoices that were still open are read again;
 * those that were closed before are looked at once `salesInvoices` tells of a change (an unapplied payment, a cancellation).
 * Couplings are read a thousand at a time, invoices in batches; only those that stand otherwise than before are worked on,
 * by the ordinary run of their mapping, which logs them, remembers failures and guards each write by its etag. Safe to call
 * again after a crash at any point. With numbers of customers their invoices alone are looked at, open and closed, and what
 * was seen of the others stays as it is (D-133). Does nothing where the mapping cannot run. Raises SyncFailure when a service cannot
 * be asked.
 */
export async function renewInvoiceStates(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: Pick<QueuedRun, 'runId' | 'trigger'>,
  customerNumbers: readonly string[] | null = null,
): Promise<RenewedInvoiceStates> {
  const mapping = mappings.find(({ name, enabled }) => name === invoices && enabled);
  if (!mapping) return { status: 'done', counts: zeroCounters };
  const held = await takeLease(ports, invoiceStatesBookmark, run.runId);
  if (held === null) return { status: 'busy', counts: zeroCounters };
  const digest = ports.digestWith(await ports.mappings.digestKey());
  const work: InvoiceWork = {
    ...{ ports, mappings, mapping, run, digest, isBusy: false, isDryRun: false },
    counts: zeroCounters,
    planned: [],
    worked: new Set(),
  };
  let after = held.state;
  try {
    const seen =
      customerNumbers === null
        ? await lookThrough(work, held.state, () => renewLease(ports, held))
        : await lookAtCustomers(work, customerNumbers);
    if (!work.isBusy) after = { ...held.state, ...seen };
    return { status: work.isBusy ? 'busy' : 'done', counts: work.counts };
  } finally {
    await releaseLease(ports, held, after);
  }
}

/** Works through open invoices, then through closed ones that changed; gives where the next look begins. */
export async function lookThrough(
  work: InvoiceWork,
  state: MappingState,
  renew: () => Promise<void>,
): Promise<Partial<MappingState>> {
  const areAny = await renewOpen(work, renew);
  return areAny ? renewClosed(work, state, renew) : {};
}

/** Coupled invoices of customers, however they stood before; gives nothing to remember. */
export async function lookAtCustomers(
  work: InvoiceWork,
  customerNumbers: readonly string[],
): Promise<Partial<MappingState>> {
  await renewMoved(work, await couplingsOf(work, 'sellToCustomerNumber', customerNumbers));
  return {};
}

/** Reads all coupled invoices that were still open; gives whether anything is coupled at all. */
async function renewOpen(work: InvoiceWork, renew: () => Promise<void>): Promise<boolean> {
  const { ports, digest } = work;
  let continuation: string | null = null;
  let areAny = false;
  do {
    await renew();
    const page = await ports.couplings.list({ mapping: invoices }, { top: couplingsAtATime, continuation });
    const open = remembered(digest, page.rows).filter(({ stand }) => isStillOpen(stand));
    await renewMoved(work, open);
    areAny ||= page.rows.length > 0;
    continuation = page.continuation;
  } while (continuation !== null);
  return areAny;
}

/** Looks at closed invoices whose status changed since the last look; gives where the next look begins. */
async function renewClosed(
  work: InvoiceWork,
  state: MappingState,
  renew: () => Promise<void>,
): Promise<Partial<MappingState>> {
  const { ports } = work;
  const before = await watermarkOf(work, state);
  const startedAt = ports.clock.now();
  const modifiedFrom = readFrom(before);
  let newest: Instant | null = null;
  let cursor: string | null = null;
  do {
    await renew();
    const page = await ports.businessCentral.readChanges({
      selection: statusSelection,
      modifiedFrom,
      cursor,
    });
    for (const { modifiedAt } of page.records) {
      if (modifiedAt <= startedAt) newest = later(newest, modifiedAt);
    }
    const posted = page.records.filter(({ values }) => postedStatuses.includes(values['status']));
    const couplings = await couplingsOf(
      work,
      'number',
      posted.map(({ values }) => String(values['number'])),
    );
    await renewMoved(
      work,
      couplings.filter(({ stand }) => !isStillOpen(stand)),
    );
    cursor = page.next;
  } while (cursor !== null);
  return stateOf(advanced(before, newest, startedAt));
}

/** The first look begins where the mapping itself has read to: what was coupled then stood as it stands. */
async function watermarkOf({ ports }: InvoiceWork, state: MappingState): Promise<Watermark> {
  const known = state.businessCentralWatermark === null ? (await ports.mappings.get(invoices)).state : state;
  return {
    newest: known.businessCentralWatermark,
    settledUntil: known.businessCentralSettledUntil,
    readAt: known.businessCentralReadAt,
  };
}

function stateOf({ newest, settledUntil, readAt }: Watermark): Partial<MappingState> {
  return {
    businessCentralWatermark: newest,
    businessCentralSettledUntil: settledUntil,
    businessCentralReadAt: readAt,
  };
}
