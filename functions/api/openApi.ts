/** The description of the HTTP API for programs that call it. */
import { z } from 'zod';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { openApiDocument } from '../http/openApi.ts';

/** Describes these endpoints, and itself. */
export function openApiEndpoint(others: readonly Endpoint[]): Endpoint {
  const read: Endpoint = endpoint({
    name: 'openapi-read',
    method: 'GET',
    route: 'api/openapi.json',
    query: {},
    answers: { 200: z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) }) },
    handle: async () => ok(openApiDocument([...others, read])),
  });
  return read;
}
