/** Addresses of the two API routes (business-central-api section 1). */
import type { BusinessCentralRoute } from '../../domain/mappings/model.ts';

const routePaths: Readonly<Record<BusinessCentralRoute, string>> = {
  'v2.0': 'api/v2.0',
  companion: 'api/openSync/salesIntegration/v1.0',
};

/** The path of a route below the environment, such as `api/v2.0`. */
export function routePath(route: BusinessCentralRoute): string {
  return routePaths[route];
}

/** The root of a route; `baseUrl` ends with the environment, with or without a slash. */
export function routeUrl(baseUrl: string, route: BusinessCentralRoute): string {
  return `${baseUrl.replace(/\/+$/, '')}/${routePath(route)}`;
}

/** The path of a company below a route; the id is a GUID and stands without quotes. */
export function companyPath(companyId: string): string {
  return `companies(${companyId})`;
}
