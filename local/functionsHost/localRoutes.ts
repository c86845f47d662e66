/** The host's own routes: admin (as the real host has it) and local (clock, idle), plus routes of the caller. */
import { z } from 'zod';
import type { HostFunction } from './functionDefinition.ts';
import type { FunctionKeys } from './functionKeys.ts';
import type { HostAnswer, HostRequest } from './httpServer.ts';

/** A route that exists in the local host only. The path is compared as a whole, without query. */
export interface LocalRoute {
  readonly method: string;
  readonly path: string;
  handle(request: HostRequest): Promise<HostAnswer> | HostAnswer;
}

/** What the own routes can do with the host. */
export interface HostControls {
  readonly functions: readonly HostFunction[];
  now(): number;
  advanceClock(byMs: number): Promise<void>;
  idle(timeoutMs: number): Promise<boolean>;
  runningNames(): readonly string[];
  /** Starts a non-HTTP function; its outcome goes to the log. */
  fire(one: HostFunction, input: string | undefined): void;
}

const adminPrefix = '/admin/functions';
const minutesPerYear = 366 * 24 * 60;

const fireSchema = z.object({ input: z.unknown().optional() });
const clockSchema = z.strictObject({ advanceMinutes: z.number().positive().max(minutesPerYear) });
const idleSchema = z.object({ timeoutSeconds: z.coerce.number().min(0).max(3600).default(60) });

function json(status: number, value: unknown): HostAnswer {
  return {
    status,
    headers: [['content-type', 'application/json; charset=utf-8']],
    body: JSON.stringify(value),
  };
}

function failure(status: number, code: string, message: string): HostAnswer {
  return json(status, { error: { code, message } });
}

function parse<T>(schema: z.ZodType<T>, value: () => unknown): T | HostAnswer {
  let given: unknown;
  try {
    given = value();
  } catch {
    return failure(400, 'invalid-json', 'The body is not JSON.');
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => ({
    code: issue.code,
    message: issue.message,
    target: issue.path.join('.'),
  }));
  const message = details.map((detail) => `${detail.target} ${detail.message}`.trim()).join('; ');
  return json(400, { error: { code: 'invalid-input', message, details } });
}

function isAnswer(value: object): value is HostAnswer {
  return 'status' in value;
}

function jsonBody(request: HostRequest): () => unknown {
  const text = request.body.toString('utf8');
  return () => (text.trim() === '' ? {} : JSON.parse(text));
}

function fireFunction(name: string, request: HostRequest, host: HostControls): HostAnswer {
  const one = host.functions.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (one === undefined) return failure(404, 'not-found', `There is no function "${name}".`);
  if (one.trigger.kind === 'http') {
    return failure(400, 'http-function', `"${one.name}" is an HTTP function; call its route instead.`);
  }
  const body = parse(fireSchema, jsonBody(request));
  if (isAnswer(body)) return body;
  const { input } = body;
  host.fire(one, input === undefined || typeof input === 'string' ? input : JSON.stringify(input));
  return { status: 202 };
}

async function advanceClock(request: HostRequest, host: HostControls): Promise<HostAnswer> {
  const body = parse(clockSchema, jsonBody(request));
  if (isAnswer(body)) return body;
  await host.advanceClock(body.advanceMinutes * 60_000);
  return clockAnswer(host);
}

function clockAnswer(host: HostControls): HostAnswer {
  return json(200, { now: new Date(host.now()).toISOString() });
}

async function waitForIdle(request: HostRequest, host: HostControls): Promise<HostAnswer> {
  const query = parse(idleSchema, () => Object.fromEntries(request.url.searchParams));
  if (isAnswer(query)) return query;
  if (await host.idle(query.timeoutSeconds * 1000)) return json(200, { idle: true });
  const names = host.runningNames();
  const what = names.length > 0 ? `running: ${names.join(', ')}` : 'messages are waiting';
  return failure(504, 'not-idle', `Not idle after ${query.timeoutSeconds} s; ${what}.`);
}

function listFunctions(host: HostControls): HostAnswer {
  return json(
    200,
    host.functions.map(({ name, trigger }) => ({ name, trigger: trigger.kind })),
  );
}

function fixedRoutes(host: HostControls): readonly LocalRoute[] {
  return [
    { method: 'GET', path: adminPrefix, handle: () => listFunctions(host) },
    { method: 'GET', path: '/local/clock', handle: () => clockAnswer(host) },
    { method: 'POST', path: '/local/clock', handle: (request) => advanceClock(request, host) },
    { method: 'POST', path: '/local/idle', handle: (request) => waitForIdle(request, host) },
  ];
}

/** A page of another site that a browser on this machine shows must not drive the host. */
function isCrossSite(request: HostRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site === 'cross-site' || site === 'same-site') return true;
  return origin !== undefined && origin !== request.url.origin;
}

/**
 * Creates the handler of the host's own routes. It answers null for a path that is none of them, so that the functions
 * get their turn. With a key file they need the master key; actions from pages of other sites answer 403.
 */
export function createLocalRoutes(
  host: HostControls,
  extra: readonly LocalRoute[],
  keys: FunctionKeys,
): (request: HostRequest) => Promise<HostAnswer | null> {
  const routes = [...fixedRoutes(host), ...extra];
  return async (request) => {
    const path = request.url.pathname;
    const atPath = routes.filter((route) => route.path === path);
    const named = path.startsWith(`${adminPrefix}/`) ? path.slice(adminPrefix.length + 1) : null;
    if (named === null && atPath.length === 0) return null;
    if (!keys.allows('admin', request)) return { status: 401 };
    if (request.method !== 'GET' && isCrossSite(request)) {
      return failure(403, 'cross-site', 'Requests from other sites are refused.');
    }
    if (named !== null) {
      return request.method === 'POST' ? fireFunction(named, request, host) : { status: 405 };
    }
    const route = atPath.find(({ method }) => method === request.method);
    return route === undefined ? { status: 405 } : route.handle(request);
  };
}
