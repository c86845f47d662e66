/** Registers endpoints with the Functions host. */
import { app } from '@azure/functions';
import type { Composition } from '../../shared/composition/composition.ts';
import { callerCheck, isSignInOn } from './callerCheck.ts';
import type { Endpoint } from './endpoint.ts';
import { createHandler } from './handler.ts';

/**
 * One function per endpoint. In Azure each needs a function key, unless App Service authentication is on, when the app checks
 * callers itself (callerCheck.ts). The local host asks for none.
 */
export function registerEndpoints(composition: Composition, endpoints: readonly Endpoint[]): void {
  const check = callerCheck(process.env);
  const authLevel = isSignInOn(process.env) ? 'anonymous' : 'function';
  for (const endpoint of endpoints) {
    app.http(endpoint.name, {
      methods: [endpoint.method],
      route: endpoint.route,
      authLevel,
      handler: createHandler(composition, endpoint, check),
    });
  }
}
