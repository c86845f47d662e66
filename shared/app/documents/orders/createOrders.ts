/**
 * Turns a page of submitted Sales orders into orders of Business Central (documents.md section 4).
 *
 * Each order passes its stages by itself: planned and checked (planOrders.ts), looked for if an earlier run may have made it
 * (recoverDocuments.ts), reserved and created with its lines (sendOrders.ts), completed (completeDocuments.ts), stamped in Sales and
 * coupled (stampOrders.ts). The stages are written down, so that whatever ends a run the next one goes on (D-68 to D-70).
 */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent, DocumentStage } from '../../../domain/couplings/coupling.ts';
import type { NotedDocument } from '../../../domain/documents/notedDocuments.ts';
import { completeDocuments } from '../completeDocuments.ts';
import { readHeaders } from '../documentRows.ts';
import { copyNotesOfNewOrders } from '../notes/copyOrderNotes.ts';
import { recoverDocuments } from '../recoverDocuments.ts';
import { type OrderEnd, type OrderScope, type OrderWork, orderMappingName } from './orderScope.ts';
import { planOrders } from './planOrders.ts';
import { sendOrders } from './sendOrders.ts';
import { type StampWork, stampOrders } from './stampOrders.ts';

/** What the caller knows and wants. */
export interface OrderRequest {
  /** Reservations that stand, of these orders and of others. */
  readonly intents: readonly CreateIntent[];
  /** Whether an order that failed before waits, as it is now, for a user (D-71). */
  readonly waits: (header: DataverseRow) => boolean;
}

/** One end per order. Failures of orders are ends, not exceptions. Safe to repeat. */
export async function createOrders(
  scope: OrderScope,
  ids: readonly DataverseId[],
  { intents, waits }: OrderRequest,
): Promise<readonly OrderEnd[]> {
  const headers = await readHeaders(scope.ports, 'order', ids);
  const known = {
    couplings: await couplingsOf(scope, ids),
    intents: new Map(intents.map((intent) => [intent.dataverseId as string, intent])),
  };
  const finished = headers.filter(({ id }) => stageOf(known.intents.get(id)) === 'complete');
  const ended: OrderEnd[] = [...(await dropDeleted(scope, ids, headers, intents))];
  const open = headers.filter((header) => !finished.includes(header));
  const planned = await planOrders(scope, open, known);
  const [waiting, going] = partition(
    planned.going,
    (work) => !known.intents.has(work.header.id) && waits(work.header),
  );
  ended.push(
    ...planned.ended,
    ...waiting.map(({ header }): OrderEnd => ({ id: header.id, header, status: 'waiting' })),
  );
  const [reserved, rest] = partition(going, (work) => known.intents.has(work.header.id) && isReserved(work));
  const [created, fresh] = partition(rest, (work) => !isReserved(work));
  if (going.length > 0) await scope.renew();
  const recovered = await recoverDocuments(scope, reserved, intents);
  const [unmade, adopted] = partition(recovered.going, isReserved);
  const sent = await sendOrders(scope, [...unmade, ...fresh]);
  const completed = await completeDocuments(scope, [...created, ...adopted, ...sent.going]);
  const works = [...completed.going, ...finishedWorks(finished, known.intents)];
  const stamped = await stampOrders(scope, works);
  await copyNotesOfNewOrders(scope.ports, createdOrders(works, stamped));
  return [...ended, ...recovered.ended, ...sent.ended, ...completed.ended, ...stamped];
}

/** Orders that are in Business Central and coupled. */
function createdOrders(works: readonly StampWork[], ends: readonly OrderEnd[]): readonly NotedDocument[] {
  const created = new Set<string>(ends.filter(({ status }) => status === 'created').map(({ id }) => id));
  return works.flatMap(({ header, intent: { document } }) => {
    const { businessCentralId, number } = document;
    if (businessCentralId === null || !created.has(header.id)) return [];
    return [{ businessCentralId, dataverseId: header.id, number, exists: true }];
  });
}

function stageOf(intent: CreateIntent | undefined): DocumentStage | null {
  return intent?.document?.stage ?? null;
}

function isReserved({ intent }: OrderWork): boolean {
  return intent.document.stage === 'reserved';
}

function partition(
  works: readonly OrderWork[],
  isFirst: (work: OrderWork) => boolean,
): readonly [readonly OrderWork[], readonly OrderWork[]] {
  return [works.filter(isFirst), works.filter((work) => !isFirst(work))];
}

/** Orders that only have to be stamped need no facts: whatever they refer to may have changed since. */
function finishedWorks(
  headers: readonly DataverseRow[],
  intents: ReadonlyMap<string, CreateIntent>,
): readonly StampWork[] {
  return headers.flatMap((header) => {
    const intent = intents.get(header.id);
    return intent?.document ? [{ header, intent: { ...intent, document: intent.document } }] : [];
  });
}

async function couplingsOf(
  { ports }: OrderScope,
  ids: readonly DataverseId[],
): Promise<ReadonlyMap<string, Coupling>> {
  const { coupledCount } = (await ports.mappings.get(orderMappingName)).state;
  const couplings = await ports.couplings.byDataverseIds(orderMappingName, ids, coupledCount);
  return new Map(couplings.map((coupling) => [coupling.dataverseId as string, coupling]));
}

/** An order that was deleted in Sales changes nothing in Business Central (D-98); its reservation goes. */
async function dropDeleted(
  { ports }: OrderScope,
  ids: readonly DataverseId[],
  headers: readonly DataverseRow[],
  intents: readonly CreateIntent[],
): Promise<readonly OrderEnd[]> {
  const present = new Set<string>(headers.map(({ id }) => id));
  const gone = ids.filter((id) => !present.has(id));
  const reserved = intents.filter(({ dataverseId }) => gone.includes(dataverseId));
  if (reserved.length > 0)
    await ports.couplings.removeIntents(
      orderMappingName,
      reserved.map(({ dataverseId }) => dataverseId),
    );
  return gone.map((id): OrderEnd => ({ id, header: null, status: 'alreadyCoupled', number: '' }));
}
