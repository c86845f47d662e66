/** Registers endpoints with the Functions host. */
import { app } from '@azure/functions';
import type { Composition } from '../../shared/composition/composition.ts';
import type { Endpoint } from './endpoint.ts';
import { createHandler } from './handler.ts';

/** One function per endpoint; in Azure each needs a function key, the local host asks for none. */
export function registerEndpoints(composition: Composition, endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) {
    app.http(endpoint.name, {
      methods: [endpoint.method],
      route: endpoint.route,
      authLevel: 'function',
      handler: createHandler(composition, endpoint),
    });
  }
}
