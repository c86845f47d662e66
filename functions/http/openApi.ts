/** Describes the HTTP API as OpenAPI 3.1, from the very schemas that check its input. */
import { z } from 'zod';
import { errorAnswer, schemaNames } from './answerSchema.ts';
import type { AnswerSchemas, Endpoint } from './endpoint.ts';

/** A part of the document; what is in it, OpenAPI says. */
export type OpenApiPart = Readonly<Record<string, unknown>>;

const json = (schema: OpenApiPart) => ({ 'application/json': { schema } });
const errorResponse = { $ref: '#/components/responses/error' };

/** What a status means, where an endpoint answers with it. */
const descriptions: Readonly<Record<string, string>> = {
  200: 'Done, or what was asked for.',
  201: 'Made.',
  202: 'Accepted; it goes on in the background.',
  503: 'Not healthy.',
};

/** Schemas with a name, gathered while the document is made. */
type Components = Map<string, unknown>;

/** The whole document; operations are named as the endpoints are. */
export function openApiDocument(endpoints: readonly Endpoint[]): OpenApiPart {
  const paths: Record<string, Record<string, OpenApiPart>> = {};
  const components: Components = new Map();
  const errorSchema = outputSchema(errorAnswer, components);
  for (const endpoint of endpoints) {
    const path = `/${endpoint.route}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Business Central and Dataverse synchronisation', version: '1.0' },
    // Signed-in users come through App Service authentication, programs with a function key.
    security: [{ functionKey: [] }, { functionKeyParameter: [] }, {}],
    paths,
    components: {
      schemas: Object.fromEntries([...components].toSorted(([left], [right]) => (left < right ? -1 : 1))),
      responses: { error: { description: 'An error.', content: json(errorSchema) } },
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        functionKeyParameter: { type: 'apiKey', in: 'query', name: 'code' },
      },
    },
  };
}

function operation({ name, route, role, input, answers }: Endpoint, components: Components): OpenApiPart {
  const [resource = ''] = route.replace(/^api\//, '').split('/');
  const parameters = [...pathParameters(route), ...queryParameters(input.query)];
  return {
    operationId: name,
    tags: [resource],
    description: `Needs the app role ${role}.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(input.body === null ? {} : { requestBody: { content: json(inputSchema(input.body)) } }),
    responses: { ...responses(answers, components), default: errorResponse },
  };
}

function responses(answers: AnswerSchemas, components: Components): OpenApiPart {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      { description: descriptions[status], content: json(outputSchema(schema, components)) },
    ]),
  );
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

/** What is answered; schemas with a name go into the components, which the others refer to. */
function outputSchema(schema: z.ZodType, components: Components): OpenApiPart {
  const written = z.toJSONSchema(schema, { io: 'output', metadata: schemaNames, unrepresentable: 'any' });
  const text = JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, $defs = {}, id, ...plain } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  for (const [name, part] of Object.entries($defs as object)) components.set(name, withoutId(part));
  if (typeof id !== 'string') return plain;
  components.set(id, plain);
  return { $ref: `#/components/schemas/${id}` };
}

/** The name of a component is where it stands. */
function withoutId(part: OpenApiPart): OpenApiPart {
  const { id: _, ...plain } = part;
  return plain;
}
