/** Describes the HTTP API as OpenAPI 3.1, from the very schemas that check its input. */
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/** A part of the document; what is in it, OpenAPI says. */
export type OpenApiPart = Readonly<Record<string, unknown>>;

const json = (schema: OpenApiPart) => ({ 'application/json': { schema } });
const errorAnswer = { $ref: '#/components/responses/error' };
/** Endpoints answer 202 while what was asked for goes on (contract section 3). */
const done = { description: 'Done, or what was asked for.', content: json({ type: 'object' }) };
const accepted = {
  description: 'Accepted; it goes on in the background.',
  content: json({ type: 'object' }),
};

const detail = {
  type: 'object',
  required: ['code', 'message', 'target'],
  properties: { code: { type: 'string' }, message: { type: 'string' }, target: { type: 'string' } },
} as const;

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { ...detail.properties, details: { type: 'array', items: detail } },
    },
  },
} as const;

/** The whole document; operations are named as the endpoints are. */
export function openApiDocument(endpoints: readonly Endpoint[]): OpenApiPart {
  const paths: Record<string, Record<string, OpenApiPart>> = {};
  for (const endpoint of endpoints) {
    const path = `/${endpoint.route}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Business Central and Dataverse synchronisation', version: '1.0' },
    // Signed-in users come through App Service authentication, programs with a function key.
    security: [{ functionKey: [] }, { functionKeyParameter: [] }, {}],
    paths,
    components: {
      responses: { error: { description: 'An error.', content: json(errorSchema) } },
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        functionKeyParameter: { type: 'apiKey', in: 'query', name: 'code' },
      },
    },
  };
}

function operation({ name, method, route, role, input }: Endpoint): OpenApiPart {
  const [resource = ''] = route.replace(/^api\//, '').split('/');
  const parameters = [...pathParameters(route), ...queryParameters(input.query)];
  return {
    operationId: name,
    tags: [resource],
    description: `Needs the app role ${role}.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(input.body === null ? {} : { requestBody: { content: json(inputSchema(input.body)) } }),
    responses: { 200: done, ...(method === 'POST' ? { 202: accepted } : {}), default: errorAnswer },
  };
}

function pathParameters(route: string): readonly OpenApiPart[] {
  const names = [...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters(shape: z.ZodRawShape): readonly OpenApiPart[] {
  const { properties = {}, required = [] } = inputSchema(z.strictObject(shape)) as {
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** What may be sent, before it is brought into form; checks that no schema can say are left out. */
function inputSchema(schema: z.ZodType): OpenApiPart {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return plain;
}
