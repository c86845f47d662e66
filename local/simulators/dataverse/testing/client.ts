/** A small Web API client for the simulator's own tests. */
import {
  type DataverseSimulatorOptions,
  type RunningDataverseSimulator,
  startDataverseSimulator,
} from '../simulator.ts';

/** An answer with its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; an empty object when it is no JSON. */
  readonly json: Record<string, unknown>;
  readonly value: readonly Record<string, unknown>[];
  readonly errorCode: string | undefined;
}

/** A client bound to one simulator. */
export interface Client {
  readonly simulator: RunningDataverseSimulator;
  readonly base: string;
  /** `resource` is relative to the version or a full address. */
  send(method: string, resource: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(resource: string, headers?: Record<string, string>): Promise<Answer>;
  /** Creates a row and returns its id; fails when the answer is not 204. */
  create(set: string, body: Record<string, unknown>): Promise<string>;
}

const running: RunningDataverseSimulator[] = [];

/** Starts a simulator that {@link stopAll} ends, and a client that acts as the integration user. */
export async function startClient(options: DataverseSimulatorOptions = {}): Promise<Client> {
  const simulator = await startDataverseSimulator({ limits: null, ...options });
  running.push(simulator);
  const base = `${simulator.url}/api/data/v9.2`;
  const send: Client['send'] = async (method, resource, body, headers = {}) => {
    const response = await fetch(resource.startsWith('http') ? resource : `${base}/${resource}`, {
      method,
      headers: {
        Authorization: 'Bearer integration',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return toAnswer(response.status, response.headers, await response.text());
  };
  return {
    simulator,
    base,
    send,
    get: (resource, headers) => send('GET', resource, undefined, headers),
    create: async (set, body) => {
      const answer = await send('POST', set, body);
      if (answer.status !== 204) throw new Error(`${answer.status} ${answer.text}`);
      return /\(([^()]+)\)$/.exec(answer.headers.get('OData-EntityId') ?? '')?.[1] ?? '';
    },
  };
}

/** Closes every simulator started here. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
}

function toAnswer(status: number, headers: Headers, text: string): Answer {
  const isJson = (headers.get('Content-Type') ?? '').includes('json');
  const json = isJson && text ? (JSON.parse(text) as Record<string, unknown>) : {};
  const error = json['error'] as { code?: string } | undefined;
  const value = Array.isArray(json['value']) ? (json['value'] as Record<string, unknown>[]) : [];
  return { status, headers, text, json, value, errorCode: error?.code };
}
