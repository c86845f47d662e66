/** Calls the HTTP API as the Functions host would, without a server. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { z } from 'zod';
import type { Composition } from '../../../shared/composition/composition.ts';
import { errorAnswer } from '../../http/answerSchema.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { createHandler } from '../../http/handler.ts';
import { allEndpoints } from '../endpoints.ts';

/** Body and headers of a request. */
export interface CallOptions {
  /** Sent as JSON unless it is text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with its body parsed. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // Tests read what they expect; whatever is not there makes the expectation fail.
  readonly body: Readonly<Record<string, unknown>>;
}

/** Where the API seems to be. */
export const apiOrigin = 'https://sync.contoso.example';

/** Sends one request, such as `POST /api/jobs/CUSTOMER/run?wait=true`. Raises when no endpoint has the address. */
export async function callApi(
  composition: Composition,
  request: string,
  options: CallOptions = {},
): Promise<ApiAnswer> {
  const [method = 'GET', path = '/'] = request.split(/ (.*)/);
  const url = new URL(path, apiOrigin);
  const { endpoint, params } = route(method, url.pathname);
  const text = typeof options.body === 'string' ? options.body : JSON.stringify(options.body ?? {});
  const incoming = new HttpRequest({
    method,
    url: url.href,
    params,
    query: Object.fromEntries(url.searchParams),
    headers: { ...options.headers },
    ...(options.body === undefined ? {} : { body: { string: text } }),
  });
  const context = new InvocationContext({ functionName: endpoint.name, logHandler: () => {} });
  const answer = await createHandler(composition, endpoint)(incoming, context);
  const { status, headers, body } = answerSchema.parse(answer);
  const parsed = bodySchema.parse(JSON.parse(body));
  checkAnswer(endpoint, status, parsed);
  return { status, headers, body: parsed };
}

/** Every answer of every test keeps to what the endpoint says it answers, so that its description cannot lie. */
function checkAnswer(endpoint: Endpoint, status: number, body: unknown): void {
  const schemas: Readonly<Record<number, z.ZodType>> = endpoint.answers;
  const schema = schemas[status] ?? (status >= 400 ? errorAnswer : null);
  if (schema === null) throw new Error(`${endpoint.name} does not say that it answers ${status}`);
  const { error } = schema.safeParse(body);
  if (error) throw new Error(`${endpoint.name} answers ${status} otherwise than it says: ${error.message}`);
}

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
const bodySchema = z.record(z.string(), z.unknown());

function route(method: string, path: string): { endpoint: Endpoint; params: Record<string, string> } {
  for (const endpoint of allEndpoints) {
    const pattern = endpoint.route.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = endpoint.method === method ? new RegExp(`^/${pattern}$`).exec(path) : null;
    if (match === null) continue;
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { endpoint, params: Object.fromEntries(params) };
  }
  throw new Error(`No endpoint answers ${method} ${path}`);
}
