/** The platform set `subscriptions`: create with handshake, renew, list, delete (section 7.1). */
import { z } from 'zod';
import { type Environment, requireCompany, requirePublishedSet, userId } from '../environment.ts';
import { passingRow, rowsSource } from '../query/pageSource.ts';
import { requireSet } from '../schema/schema.ts';
import { badRequest, ServiceError } from '../serviceError.ts';
import { instantText, type Row } from '../store/row.ts';
import { shakeHands } from '../webhooks/handshake.ts';
import type { Subscription, SubscriptionRequest } from '../webhooks/subscriptionStore.ts';
import { readAddress } from './address.ts';
import { emptyResult, jsonResult, type Operation, type OperationResult } from './operation.ts';
import { everything, presentRow } from './present.ts';
import { readCollection } from './reads.ts';
import { checkIfMatch, readBody, refuseMethod } from './writes.ts';

const requestSchema = z.object({
  notificationUrl: z.url({ protocol: /^https?$/ }),
  resource: z.string(),
  clientState: z.string().max(2_048).default(''),
});

/** Whether the operation is on subscriptions. */
export function isSubscriptionOperation(operation: Operation): boolean {
  return /^subscriptions(\(|\/|$)/.test(decodeURI(operation.path));
}

/** The answer to an operation on subscriptions. Waits for the handshake. */
export async function operateSubscriptions(
  environment: Environment,
  operation: Operation,
): Promise<OperationResult> {
  const [segment] = readAddress(operation.path).segments;
  const key = segment?.key ?? null;
  const set = requireSet('subscriptions');
  switch (operation.method) {
    case 'GET':
      return key === null
        ? list(environment, operation)
        : show(environment, operation, requireOne(environment, key));
    case 'POST':
      return key === null ? create(environment, operation) : refuseMethod(set, 'POST');
    case 'PATCH':
      return key === null
        ? refuseMethod(set, 'PATCH')
        : renew(environment, operation, requireOne(environment, key));
    case 'DELETE':
      return key === null
        ? refuseMethod(set, 'DELETE')
        : remove(environment, operation, requireOne(environment, key));
    default:
      return refuseMethod(set, operation.method);
  }
}

function requireOne(environment: Environment, key: string): Subscription {
  const found = environment.subscriptions.get(key);
  if (found) return found;
  throw new ServiceError(404, 'BadRequest_NotFound', `The subscription '${key}' does not exist.`);
}

function etag(subscription: Subscription): string {
  return `W/"${Buffer.from(`'${subscription.version};${subscription.id}'`).toString('base64')}"`;
}

function rowOf(subscription: Subscription): Row {
  const user = userId(subscription.user);
  return passingRow(subscription.id, {
    subscriptionId: subscription.id,
    notificationUrl: subscription.notificationUrl,
    resource: subscription.resource,
    timestamp: subscription.version,
    userId: user,
    lastModifiedDateTime: instantText(subscription.modifiedAtMs),
    clientState: subscription.clientState,
    expirationDateTime: instantText(subscription.expiresAtMs),
    systemCreatedAt: instantText(subscription.createdAtMs),
    systemCreatedBy: user,
    systemModifiedAt: instantText(subscription.modifiedAtMs),
    systemModifiedBy: user,
  });
}

function sourceFor(environment: Environment) {
  const rows = environment.subscriptions.all().map(rowOf);
  for (const company of environment.database.companies.values()) {
    return rowsSource(requireSet('subscriptions'), company, rows, environment.database.clock.now());
  }
  throw new ServiceError(404, 'Internal_CompanyNotFound', 'The environment has no company.');
}

function list(environment: Environment, operation: Operation): OperationResult {
  const result = readCollection(environment, operation, sourceFor(environment), 'subscriptions');
  const body = result.body as { value: Record<string, unknown>[] };
  for (const record of body.value) {
    const subscription = environment.subscriptions.get(String(record['subscriptionId']));
    if (subscription) record['@odata.etag'] = etag(subscription);
  }
  return result;
}

function show(
  environment: Environment,
  operation: Operation,
  subscription: Subscription,
  status = 200,
): OperationResult {
  const record = presentRow(environment, sourceFor(environment), rowOf(subscription), everything);
  const context = `${operation.routeUrl}/$metadata#subscriptions/$entity`;
  const tag = etag(subscription);
  return jsonResult(status, { '@odata.context': context, '@odata.etag': tag, ...record }, { ETag: tag });
}

async function create(environment: Environment, operation: Operation): Promise<OperationResult> {
  const request = readRequest(environment, operation, readBody(operation));
  environment.subscriptions.refuseWhenFull();
  await shakeHands(request.notificationUrl, environment.database.newGuid());
  return show(environment, operation, environment.subscriptions.add(request), 201);
}

async function renew(
  environment: Environment,
  operation: Operation,
  subscription: Subscription,
): Promise<OperationResult> {
  checkIfMatch(operation.headers['if-match'], etag(subscription));
  const { notificationUrl, resource, clientState } = subscription;
  const body = { notificationUrl, resource, clientState, ...readBody(operation) };
  const request = readRequest(environment, operation, body);
  await shakeHands(request.notificationUrl, environment.database.newGuid());
  return show(environment, operation, environment.subscriptions.renew(subscription.id, request));
}

function remove(environment: Environment, operation: Operation, subscription: Subscription): OperationResult {
  checkIfMatch(operation.headers['if-match'], etag(subscription));
  environment.subscriptions.remove(subscription.id);
  return emptyResult(204);
}

/** Checks a request and finds out what it is for; `resource` may be absolute, rooted or relative to the route. */
function readRequest(environment: Environment, operation: Operation, body: unknown): SubscriptionRequest {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) throw badRequest(`The subscription is not valid: ${z.prettifyError(parsed.error)}`);
  const { resource } = parsed.data;
  const match = /^(?:.*\/api\/(.+)\/|\/?)companies\(([0-9a-fA-F-]{36})\)\/(\w+)$/.exec(resource);
  if (!match || (match[1] !== undefined && match[1] !== operation.route)) {
    throw badRequest(`The resource '${resource}' cannot be subscribed to.`);
  }
  const company = requireCompany(environment, match[2] ?? '');
  const set = requirePublishedSet(environment, operation.route, match[3] ?? '');
  if (!set.webhookSupported) throw badRequest(`The resource '${set.entitySet}' does not support webhooks.`);
  return { ...parsed.data, companyId: company.info.id, set: set.entitySet, user: operation.user };
}
