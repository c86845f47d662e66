/** The running environment behind the HTTP surface: database, subscriptions and what is published. */
import { createHash } from 'node:crypto';
import { companionRoute, type Route } from './schema/entityModel.ts';
import { type EntitySet, entitySets, referenceSet } from './schema/schema.ts';
import { resourceNotFound, ServiceError } from './serviceError.ts';
import type { Company } from './store/company.ts';
import type { Database } from './store/database.ts';
import type { SubscriptionStore } from './webhooks/subscriptionStore.ts';

/** What operations work on. */
export interface Environment {
  readonly database: Database;
  readonly subscriptions: SubscriptionStore;
  /** Whether the companion extension is installed; without it its route answers 404. */
  readonly companionApp: boolean;
  /** Sets of the standard route that this version of the service does not offer. */
  readonly withoutSets: readonly string[];
  /** Whether there are only the sets and properties of the schema file. */
  readonly onlyReference: boolean;
}

/** The company by id or name. Raises 404 `Internal_CompanyNotFound`. */
export function requireCompany(environment: Environment, key: string): Company {
  for (const company of environment.database.companies.values()) {
    if (company.info.id === key.toLowerCase() || company.info.name === key) return company;
  }
  throw new ServiceError(404, 'Internal_CompanyNotFound', `The company "${key}" does not exist.`);
}

type Published = Pick<Environment, 'companionApp' | 'withoutSets' | 'onlyReference'>;

/** The sets of a route as this environment offers them. */
export function publishedSets(environment: Published, route: Route): readonly EntitySet[] {
  if (route === companionRoute && !environment.companionApp) return [];
  return entitySets.flatMap((set) => {
    if (set.route !== route || environment.withoutSets.includes(set.entitySet)) return [];
    return environment.onlyReference ? (referenceSet(set.entitySet) ?? []) : [set];
  });
}

/** The set of a name on a route. Raises 404 when the route does not have it or is not published. */
export function requirePublishedSet(environment: Environment, route: Route, name: string): EntitySet {
  const set = publishedSets(environment, route).find(({ entitySet }) => entitySet === name);
  if (!set) throw resourceNotFound(name);
  return set;
}

/** The security id of a user: the same name always has the same. */
export function userId(user: string): string {
  const hex = createHash('sha256').update(user).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
