/** Webhook subscriptions of one company (business-central-api sections 7.1 and 7.2). */
import { z } from 'zod';
import { type Instant, instant } from '../../domain/common/instants.ts';
import { type BusinessCentralRoute, businessCentralRoutes } from '../../domain/mappings/model.ts';
import type { SubscribableSet, WebhookSubscription } from '../../domain/notifications/subscriptions.ts';
import type { ChangeSubscriptions, SubscriptionRequest } from '../../ports/changeSubscriptions.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { parseJson, readShape } from '../http/json.ts';
import { routePath, routeUrl } from './address.ts';
import { answerOf, type Client, jsonHeaders } from './client.ts';
import { allRows, getPage } from './lists.ts';

const subscriptionShape = z.looseObject({
  subscriptionId: z.string().min(1),
  notificationUrl: z.string(),
  resource: z.string(),
  clientState: z.string().nullish(),
  expirationDateTime: z.iso.datetime({ offset: true }),
  '@odata.etag': z.string().nullish(),
});
type Row = z.output<typeof subscriptionShape>;

const supportedShape = z.looseObject({ resource: z.string() });
const renewedShape = z.looseObject({ expirationDateTime: z.iso.datetime({ offset: true }) });

/** What the documentation lists, for an environment that does not tell (section 7.2). */
const publishedSets = [
  'currencies',
  'customers',
  'items',
  'paymentTerms',
  'salesInvoices',
  'salesOrders',
  'salesQuotes',
  'shipmentMethods',
  'unitsOfMeasure',
  'vendors',
] as const;

/** The receiver must answer within 5 s while the request waits. */
const handshakeTimeoutMs = 60_000;

/** The port over one company's client. */
export function changeSubscriptions(client: Client): ChangeSubscriptions {
  return {
    supportedSets: () => supportedSets(client),
    list: () => list(client),
    create: async (request) => {
      const url = `${routeUrl(client.baseUrl, request.set.route)}/subscriptions`;
      await write(client, { method: 'POST', url, idempotent: false }, await bodyOf(client, request));
    },
    renew: (subscription, request) => renew(client, subscription, request),
    remove: (subscription) => remove(client, subscription),
  };
}

async function supportedSets(client: Client): Promise<readonly SubscribableSet[]> {
  const root = `${client.baseUrl.replace(/\/+$/, '')}/api/microsoft/runtime/beta`;
  const url = `${root}/${await client.companyPath()}/webhookSupportedResources`;
  const rows = await unlessMissing(() => everyRow(client, url, 'webhookSupportedResources'), null);
  if (rows === null) return publishedSets.map((entitySet) => ({ route: 'v2.0', entitySet }));
  const context = answerOf(client, 'GET webhookSupportedResources');
  return readShape(z.array(supportedShape), rows, context).flatMap(({ resource }) => {
    const set = setOf(resource);
    return set === null ? [] : [set];
  });
}

async function everyRow(client: Client, url: string, entitySet: string): Promise<readonly unknown[]> {
  return allRows(client, await getPage(client, url, entitySet), entitySet);
}

/** What is asked for, or a stand-in where the service says that there is nothing at the address. */
async function unlessMissing<Answer, StandIn>(
  ask: () => Promise<Answer>,
  standIn: StandIn,
): Promise<Answer | StandIn> {
  try {
    return await ask();
  } catch (failure) {
    if (failure instanceof HttpFailure && failure.status === 404) return standIn;
    throw failure;
  }
}

/** `v2.0/customers`, or the companion app's route and a set; null for routes that do not matter here. */
function setOf(resource: string): SubscribableSet | null {
  for (const route of businessCentralRoutes) {
    const prefix = `${routePath(route).replace(/^api\//, '')}/`.toLowerCase();
    if (resource.toLowerCase().startsWith(prefix)) return { route, entitySet: resource.slice(prefix.length) };
  }
  return null;
}

/** The list is the environment's; each route is asked, as one need not show what was made at the other. */
async function list(client: Client): Promise<readonly WebhookSubscription[]> {
  const companyPath = (await client.companyPath()).toLowerCase();
  const lists = await Promise.all(businessCentralRoutes.map((route) => rowsAt(client, route)));
  const byId = new Map(lists.flat().map((row) => [row.subscriptionId, row]));
  return [...byId.values()].map((row) => ({
    id: row.subscriptionId,
    notificationUrl: row.notificationUrl,
    set: subscribedSet(row.resource, companyPath),
    clientState: row.clientState ?? '',
    expiresAt: instant(row.expirationDateTime),
    etag: row['@odata.etag'] ?? '*',
  }));
}

/** An environment without the companion app has no such route. */
async function rowsAt(client: Client, route: BusinessCentralRoute): Promise<readonly Row[]> {
  const ask = () => everyRow(client, `${routeUrl(client.baseUrl, route)}/subscriptions`, 'subscriptions');
  const rows = await (route === 'v2.0' ? ask() : unlessMissing(ask, []));
  return readShape(z.array(subscriptionShape), rows, answerOf(client, 'GET subscriptions'));
}

/** A resource may be absolute, rooted or relative; one without a route is of the standard API. */
function subscribedSet(resource: string, companyPath: string): SubscribableSet | null {
  const [, before = '', company = '', entitySet] =
    /^(.*?)\/?(companies\([0-9a-f-]{36}\))\/(\w+)$/i.exec(resource) ?? [];
  if (entitySet === undefined || company.toLowerCase() !== companyPath) return null;
  const route = businessCentralRoutes.find((one) =>
    before.toLowerCase().endsWith(routePath(one).toLowerCase()),
  );
  if (route !== undefined) return { route, entitySet };
  return before === '' ? { route: 'v2.0', entitySet } : null;
}

async function renew(
  client: Client,
  subscription: WebhookSubscription,
  request: SubscriptionRequest,
): Promise<Instant | null> {
  const url = addressOf(client, subscription);
  const body = await bodyOf(client, request);
  // Whatever is stored is to be replaced, so the version does not matter.
  const target = { method: 'PATCH', url, idempotent: true, ifMatch: '*' } as const;
  const text = await unlessMissing(() => write(client, target, body), null);
  if (text === null) return null;
  const context = answerOf(client, 'PATCH subscriptions', true);
  return instant(readShape(renewedShape, parseJson(text, context), context).expirationDateTime);
}

async function remove(client: Client, subscription: WebhookSubscription): Promise<void> {
  const target = { method: 'DELETE', url: addressOf(client, subscription), idempotent: true } as const;
  await unlessMissing(() => write(client, { ...target, ifMatch: '*' }, null), null);
}

/** Text keys are quoted. */
function addressOf(client: Client, { id, set }: WebhookSubscription): string {
  return `${routeUrl(client.baseUrl, set?.route ?? 'v2.0')}/subscriptions('${encodeURIComponent(id)}')`;
}

async function bodyOf(client: Client, request: SubscriptionRequest): Promise<object> {
  const { notificationUrl, clientState, set } = request;
  const resource = `/${routePath(set.route)}/${await client.companyPath()}/${set.entitySet}`;
  return { notificationUrl, resource, clientState };
}

interface Target {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly idempotent: boolean;
  readonly ifMatch?: string;
}

async function write(client: Client, target: Target, body: object | null): Promise<string> {
  const { method, url, idempotent, ifMatch } = target;
  const headers = {
    ...jsonHeaders,
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    ...(body === null ? {} : { 'Content-Type': 'application/json' }),
  };
  const content = body === null ? {} : { body: JSON.stringify(body) };
  const request = { method, url, headers, idempotent, timeoutMs: handshakeTimeoutMs, ...content };
  return (await client.transport.send(request, client.meter)).text;
}
