/** What an endpoint of the HTTP API is: an address, a role, the forms of its input, and what it does. */
import { z } from 'zod';
import type { Composition } from '../../shared/composition/composition.ts';
import { type AppRole, userOf } from './access.ts';
import { audited } from './audited.ts';
import { readBody, readQuery } from './input.ts';

/** What an endpoint answers; the body is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A checked request. */
export interface Call<Query, Body> {
  /** Parameters of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Absolute address as called. */
  readonly url: string;
  /** Who is signed in, for the audit; empty where access control does not tell. */
  readonly user: string;
}

/** Forms of the bodies an endpoint answers with, by status. */
export type AnswerSchemas = Readonly<Partial<Record<200 | 201 | 202 | 503, z.ZodType>>>;

/** What an endpoint is made of. */
export interface EndpointDefinition<Shape extends z.ZodRawShape, Body> {
  /** Name of the function; letters, digits and hyphens. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Without a slash at the beginning. */
  readonly route: string;
  /** Where it is another than that of the method. */
  readonly role?: AppRole;
  readonly query: Shape;
  /** Absent = a body must be absent or an empty object. */
  readonly body?: z.ZodType<Body>;
  /** How the body is described where `body` cannot say it, because it is checked in steps. */
  readonly bodyForms?: z.ZodType;
  /** What is answered by status; errors have a form of their own. */
  readonly answers: AnswerSchemas;
  /** Of an operation that is no GET: it changes nothing, so the audit does not tell of it. */
  readonly changesNothing?: true;
  handle(app: Composition, call: Call<z.output<z.ZodObject<Shape>>, Body>): Promise<Answer>;
}

/** The parts of a request that endpoints read. */
export interface IncomingRequest {
  /** Absolute, with its query; the host's own list of parameters keeps one value per name only. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly params: Readonly<Record<string, string>>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** An endpoint, ready to be registered. */
export interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly route: string;
  /** Reading needs `Sync.Read`, everything else `Sync.Manage`, unless the endpoint says so. */
  readonly role: AppRole;
  /** What it takes, for the description of the API; null = no body. */
  readonly input: { readonly query: z.ZodRawShape; readonly body: z.ZodType | null };
  /** What it answers, by status; errors have a form of their own. */
  readonly answers: AnswerSchemas;
  /** Whether each call is written into the audit. */
  readonly isAudited: boolean;
  /** Checks the input and does the work. Raises ApiError and SyncFailure. */
  answer(app: Composition, request: IncomingRequest): Promise<Answer>;
}

/** Makes an endpoint of its definition. */
export function endpoint<Shape extends z.ZodRawShape, Body = Readonly<Record<string, never>>>(
  definition: EndpointDefinition<Shape, Body>,
): Endpoint {
  const { name, method, route, query, body, bodyForms, answers } = definition;
  const isAudited = method !== 'GET' && definition.changesNothing !== true;
  return {
    name,
    method,
    route,
    role: definition.role ?? (method === 'GET' ? 'Sync.Read' : 'Sync.Manage'),
    input: { query, body: bodyForms ?? body ?? null },
    answers,
    isAudited,
    answer: async (app, request) => {
      const checkedQuery = readQuery(query, new URL(request.url).searchParams);
      const checkedBody = await bodyOf(method, body, request);
      const { params, url } = request;
      const user = userOf(request.headers);
      const call = { params, query: checkedQuery, body: checkedBody, url, user };
      if (!isAudited || isDryRun(checkedQuery)) return definition.handle(app, call);
      return audited(app, { ...call, action: name }, () => definition.handle(app, call));
    },
  };
}

/** A dry run writes nothing anywhere, into the audit neither (contract section 3). */
function isDryRun(query: object): boolean {
  return 'dryRun' in query && query.dryRun === true;
}

async function bodyOf<Body>(
  method: string,
  schema: z.ZodType<Body> | undefined,
  request: IncomingRequest,
): Promise<Body> {
  const expected = schema ?? (z.strictObject({}) as unknown as z.ZodType<Body>);
  return method === 'GET' ? expected.parse({}) : readBody(expected, request);
}

/** Any JSON body, for endpoints that check it against what is stored. */
export const anyBody = z.unknown();

/** 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}
