/** Reads what the states of orders depend on: their lines, their shipments, and invoices posted from them. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { BusinessCentralRecord, FieldValue } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { isPosted } from '../../domain/documents/postedInvoices.ts';
import { orderExtras } from '../../domain/mappings/default/orderFields.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { type OrderProgress, progressOf, progressProperties } from '../../domain/sync/orderProgress.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import { canonicalText, isBlank } from '../../domain/sync/values.ts';
import type { SourceRecord } from './candidates.ts';
import type { RunScope } from './runScope.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** Of a set that this version of Business Central does not have. */
const missingCodes: readonly string[] = ['entity-set-not-found', 'address-not-found'];

/** The context, with the progress of these orders; rules that do not ask for it cost nothing. */
export async function withOrderProgress(
  scope: RunScope,
  pass: PassDirection,
  records: readonly SourceRecord[],
  context: RuleContext,
): Promise<RuleContext> {
  const isAsked = scope.rule.facts.includes('orderProgress') && sourceSide(pass) === 'businessCentral';
  if (!isAsked || records.length === 0) return context;
  const known = await readProgress(scope, records as readonly BusinessCentralRecord[]);
  return { ...context, orderProgress: new Map([...context.orderProgress, ...known]) };
}

/** Lines are readable by document only (D-29): one filter per order, a hundred in a request. */
async function readProgress(
  scope: RunScope,
  orders: readonly BusinessCentralRecord[],
): Promise<ReadonlyMap<string, OrderProgress>> {
  const [lines, shipments] = await Promise.all([
    scope.ports.businessCentral.readRowsByFilters({
      entitySet: 'salesOrderLines',
      route: 'v2.0',
      select: progressProperties,
      filters: orders.map(({ id }) => `documentId eq ${id}`),
    }),
    readLastShipments(scope, orders),
  ]);
  const byOrder = grouped(lines, 'documentId');
  return new Map(
    orders.map((order) => {
      const progress = progressOf(byOrder.get(order.id) ?? []);
      const date = shipments?.get(canonicalText(order.values['number']));
      return [order.id, shipments === null ? progress : { ...progress, lastShipmentDate: date ?? null }];
    }),
  );
}

/** The companion page adds shipments up by itself; null where it does, and where nothing tells (D-32). */
async function readLastShipments(
  { ports }: RunScope,
  orders: readonly BusinessCentralRecord[],
): Promise<ReadonlyMap<string, string> | null> {
  if (await ports.businessCentral.hasCompanionSet(orderExtras)) return null;
  return lastShipmentDays(
    ports,
    orders.map(({ values }) => canonicalText(values['number'])),
  );
}

/** Day of the last shipment by number of the order (D-32); null where posted shipments are not offered. */
async function lastShipmentDays(
  { businessCentral }: RunScope['ports'],
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string> | null> {
  const shipments = await offered(() =>
    businessCentral.readRowsByFilters({
      entitySet: 'salesShipments',
      route: 'v2.0',
      select: ['orderNumber', 'postingDate'],
      filters: numbers.map((number) => `orderNumber eq ${textLiteral(number)}`),
    }),
  );
  if (shipments === null) return null;
  const newest = new Map<string, string>();
  for (const shipment of shipments) {
    const number = canonicalText(shipment['orderNumber']);
    const date = canonicalText(shipment['postingDate']);
    if (date > (newest.get(number) ?? '')) newest.set(number, date);
  }
  return newest;
}

/** Null where the environment does not have what is asked for. */
async function offered<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SyncFailure && missingCodes.includes(error.code)) return null;
    throw error;
  }
}

/**
 * The context, with which of the orders that are gone from Business Central were posted (D-80), and when the last of their
 * goods went out, as far as Sales does not know that yet (D-32).
 */
export async function withPostedOrders(
  scope: RunScope,
  lost: readonly RecordPair[],
  context: RuleContext,
): Promise<RuleContext> {
  if (!scope.rule.facts.includes('orderProgress')) return context;
  const gone = lost.flatMap(({ businessCentral, coupling }) =>
    businessCentral === null && coupling !== null ? [coupling] : [],
  );
  if (gone.length === 0) return context;
  const byNumber = gone.map(
    ({ businessCentralName }) => `orderNumber eq ${textLiteral(businessCentralName)}`,
  );
  const byId = gone.map(({ businessCentralId }) => `orderId eq ${businessCentralId}`);
  const invoices = await scope.ports.businessCentral.readRowsByFilters({
    entitySet: 'salesInvoices',
    route: 'v2.0',
    select: ['orderNumber', 'orderId', 'status'],
    filters: [...byNumber, ...byId],
  });
  const posted = invoices.filter(({ status }) => isPosted(status));
  const numbers = new Set(posted.map((invoice) => canonicalText(invoice['orderNumber'])));
  const ids = new Set(posted.map((invoice) => canonicalText(invoice['orderId']).toLowerCase()));
  const orders = gone.filter(
    (coupling) => numbers.has(coupling.businessCentralName) || ids.has(coupling.businessCentralId),
  );
  const days = await daysUnknownToSales(scope, lost, orders);
  return {
    ...context,
    postedOrders: new Map(
      orders.map(({ businessCentralId, businessCentralName }) => {
        return [businessCentralId, days.get(businessCentralName) ?? null];
      }),
    ),
  };
}

/** Asked for where a Sales order is left that has no day of shipment. */
async function daysUnknownToSales(
  { ports }: RunScope,
  lost: readonly RecordPair[],
  posted: readonly Coupling[],
): Promise<ReadonlyMap<string, string>> {
  const numbers = lost.flatMap(({ coupling, dataverse }) => {
    const isPosted = coupling !== null && posted.includes(coupling);
    return isPosted && dataverse !== null && isBlank(dataverse.values['datefulfilled'])
      ? [coupling.businessCentralName]
      : [];
  });
  const days = numbers.length === 0 ? null : await lastShipmentDays(ports, numbers);
  return days ?? new Map();
}

function grouped(rows: readonly Row[], property: string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = canonicalText(row[property]).toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}
