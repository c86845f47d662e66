/** Answers below `api/` that no operation gives: an address that does not exist, or a method it does not have. */
import { app, type HttpHandler, type HttpRequest } from '@azure/functions';
import { ApiError } from '../http/apiError.ts';
import { errorResponse } from '../http/handler.ts';
import { businessCentralNotificationRoute, dataverseNotificationRoute } from '../notifications/routes.ts';
import { allEndpoints } from './endpoints.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

interface Address {
  readonly method: string;
  readonly route: string;
}

const addresses: readonly Address[] = [
  ...allEndpoints,
  { method: 'POST', route: businessCentralNotificationRoute },
  { method: 'POST', route: dataverseNotificationRoute },
];

/** Registers the answers; every operation has a route that is tried before. */
export function registerUnknownAddresses(): void {
  app.http('unknown-address', {
    methods: [...methods],
    route: 'api/{*path}',
    authLevel: 'function',
    handler: unknownAddress,
  });
}

/** 405 with the methods the address has, else 404; in the form of every other error (contract section 3). */
export const unknownAddress: HttpHandler = async (request: HttpRequest) => {
  const { pathname } = new URL(request.url);
  const allowed = methodsOf(pathname);
  if (allowed.length === 0) {
    const message = `There is nothing at ${pathname}; GET /api/openapi.json tells every address.`;
    return errorResponse(
      'unknown-address',
      new ApiError({ status: 404, code: 'address-not-found', message }),
    );
  }
  const message = `${pathname} cannot be called by ${request.method}, but by ${allowed.join(', ')}.`;
  const response = errorResponse(
    'unknown-address',
    new ApiError({ status: 405, code: 'method-not-allowed', message }),
  );
  return { ...response, headers: { ...response.headers, allow: allowed.join(', ') } };
};

function methodsOf(pathname: string): readonly string[] {
  const path = pathname.replace(/\/$/, '');
  const found = addresses.filter(({ route }) => {
    const pattern = `/${route}`.replaceAll(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`, 'i').test(path);
  });
  return [...new Set(found.map(({ method }) => method))];
}
