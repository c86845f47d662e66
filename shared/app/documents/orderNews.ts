/** What happened to coupled orders in Business Central since a point in time (D-78). */
import { type BusinessCentralId, businessCentralId } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { BusinessCentralRecord, FieldValue } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { OrderEvent, OrderNews } from '../../domain/documents/orderPosts.ts';
import { isPosted } from '../../domain/documents/postedInvoices.ts';
import { orderExtras, orderStatusKey } from '../../domain/mappings/default/orderFields.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import { readFrom, type Watermark } from '../../domain/sync/watermark.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { PlanScope } from '../jobs/codeJob.ts';
import { couplingsByNumber } from './couplingsByNumber.ts';
import { departedOrders } from './departedOrders.ts';
import { orderMapping } from './postOrderStatus.ts';

/** Some news, and the newest modification time among what was read for it. */
export interface NewsPage {
  readonly news: readonly OrderNews[];
  readonly newest: Instant | null;
  /** Orders that were uncoupled before this was told of them; they are done once it is. */
  readonly departed: readonly Coupling[];
}

/** Documents that are posted from an order and name it. */
const postedSets = [
  { event: 'shipped', entitySet: 'salesShipments', properties: ['orderNumber'] },
  { event: 'invoiced', entitySet: 'salesInvoices', properties: ['orderNumber', 'status'] },
] as const satisfies readonly {
  readonly event: OrderEvent;
  readonly entitySet: string;
  readonly properties: readonly string[];
}[];

/**
 * Page by page. The first time, when nothing was read before, posted documents are asked for by the numbers of coupled
 * orders: those of years are not read.
 */
export async function* newsOf(scope: PlanScope, before: Watermark): AsyncGenerator<NewsPage> {
  const modifiedFrom = readFrom(before);
  for await (const records of changesOf(scope, await orderSelection(scope), modifiedFrom)) {
    yield { news: await releases(scope, records), newest: newestOf(records), departed: [] };
  }
  for (const posted of postedSets) {
    if (modifiedFrom === null) yield* firstDocuments(scope, posted);
    else yield* laterDocuments(scope, posted, modifiedFrom);
  }
  for await (const departed of departedOrders(scope.ports)) {
    if (departed.length > 0) yield { news: await lastNews(scope, departed), newest: null, departed };
  }
}

/** An order that left by being posted was released on the way (D-24); what was posted is asked for by its number. */
async function lastNews(scope: PlanScope, departed: readonly Coupling[]): Promise<readonly OrderNews[]> {
  const news = departed.map((coupling) => newsFrom('released', coupling.businessCentralId, coupling));
  const byNumber = new Map(departed.map((coupling) => [coupling.businessCentralName, coupling]));
  for (const posted of postedSets) news.push(...(await documentsOf(scope, posted, byNumber)));
  return news;
}

async function orderSelection({ ports }: PlanScope): Promise<BusinessCentralSelection> {
  const isExact = await ports.businessCentral.hasCompanionSet(orderExtras);
  const companions = isExact ? [{ entitySet: orderExtras, properties: ['status'] }] : [];
  return { entitySet: 'salesOrders', route: 'v2.0', properties: ['number', 'status'], companions };
}

async function* changesOf(
  { ports }: PlanScope,
  selection: BusinessCentralSelection,
  modifiedFrom: Instant | null,
): AsyncGenerator<readonly BusinessCentralRecord[]> {
  let cursor: string | null = null;
  do {
    const page = await ports.businessCentral.readChanges({ selection, modifiedFrom, cursor });
    yield page.records;
    cursor = page.next;
  } while (cursor !== null);
}

function newestOf(records: readonly BusinessCentralRecord[]): Instant | null {
  return records.reduce<Instant | null>(
    (newest, { modifiedAt }) => (newest === null || modifiedAt > newest ? modifiedAt : newest),
    null,
  );
}

async function releases(
  { ports }: PlanScope,
  orders: readonly BusinessCentralRecord[],
): Promise<readonly OrderNews[]> {
  const released = orders.filter(({ values }) => {
    const exact = values[orderStatusKey] ?? null;
    return values['status'] === 'Open' && (exact === null || exact === 'Released');
  });
  if (released.length === 0) return [];
  const { state } = await ports.mappings.get(orderMapping);
  const ids = released.map(({ id }) => id);
  const couplings = await ports.couplings.byBusinessCentralIds(orderMapping, ids, state.coupledCount);
  return couplings.map((coupling) => newsFrom('released', coupling.businessCentralId, coupling));
}

type PostedSet = (typeof postedSets)[number];

async function* firstDocuments(scope: PlanScope, posted: PostedSet): AsyncGenerator<NewsPage> {
  for await (const couplings of couplingsByNumber(scope.ports, orderMapping)) {
    if (couplings.size === 0) continue;
    yield { news: await documentsOf(scope, posted, couplings), newest: null, departed: [] };
  }
}

/** Everything of this kind that was posted from orders of these numbers. */
async function documentsOf(
  { ports }: PlanScope,
  posted: PostedSet,
  couplings: ReadonlyMap<string, Coupling>,
): Promise<readonly OrderNews[]> {
  const rows = await ports.businessCentral.readRowsByFilters({
    entitySet: posted.entitySet,
    route: 'v2.0',
    select: ['id', ...posted.properties],
    filters: [...couplings.keys()].map((number) => `orderNumber eq ${textLiteral(number)}`),
  });
  return rows.flatMap((row) => documentNews(posted, businessCentralId(String(row['id'])), row, couplings));
}

async function* laterDocuments(
  scope: PlanScope,
  posted: PostedSet,
  modifiedFrom: Instant,
): AsyncGenerator<NewsPage> {
  const { entitySet, properties } = posted;
  const selection: BusinessCentralSelection = { entitySet, route: 'v2.0', properties, companions: [] };
  for await (const records of changesOf(scope, selection, modifiedFrom)) {
    const news: OrderNews[] = [];
    if (records.some(({ values }) => canonicalText(values['orderNumber']) !== '')) {
      for await (const couplings of couplingsByNumber(scope.ports, orderMapping)) {
        news.push(...records.flatMap(({ id, values }) => documentNews(posted, id, values, couplings)));
      }
    }
    yield { news, newest: newestOf(records), departed: [] };
  }
}

function documentNews(
  { event }: PostedSet,
  source: BusinessCentralId,
  values: Readonly<Record<string, FieldValue>>,
  couplings: ReadonlyMap<string, Coupling>,
): readonly OrderNews[] {
  const coupling = couplings.get(canonicalText(values['orderNumber']));
  const isDraft = event === 'invoiced' && !isPosted(values['status']);
  return coupling && !isDraft ? [newsFrom(event, source, coupling)] : [];
}

function newsFrom(event: OrderEvent, source: BusinessCentralId, coupling: Coupling): OrderNews {
  const { dataverseId: salesOrder, businessCentralName: orderNumber } = coupling;
  return { event, source, salesOrder, orderNumber };
}
