/** What the simulator's tests share: a running simulator on a manual clock and a small HTTP client. */
import { fileURLToPath } from 'node:url';
import { createSimulatorClock } from '../common/clock.ts';
import { type DemoBusinessCentralData, loadDemoBusinessCentralData } from './demoData.ts';
import {
  type BusinessCentralSimulatorOptions,
  type RunningBusinessCentralSimulator,
  startBusinessCentralSimulator,
} from './simulator.ts';

export const demoFolder = fileURLToPath(new URL('../../data/businessCentral', import.meta.url));
export const startMs = Date.parse('2026-02-01T08:00:00.000Z');

let demo: DemoBusinessCentralData | null = null;

/** The demo data, read once. */
export function demoData(): DemoBusinessCentralData {
  demo ??= loadDemoBusinessCentralData(demoFolder);
  return demo;
}

/** An answer with its JSON body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of many shapes.
  readonly body: any;
  readonly text: string;
}

/** A simulator and ways to call it as the user `integration`. */
export interface TestService {
  readonly simulator: RunningBusinessCentralSimulator;
  /** Path behind `/api/`, for example `v2.0/companies`. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A set of the main company on the standard route. */
  standard(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A set of the main company on the companion route. */
  companion(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** All records of a standard set that pass a filter. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read records of many shapes.
  list(path: string): Promise<any[]>;
}

export const companionPath = 'openSync/salesIntegration/v1.0';

/** Sends a request and reads the answer. */
export async function send(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      Authorization: 'Bearer integration',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson && text ? JSON.parse(text) : null,
    text,
  };
}

/** Starts a simulator on a clock that stands at {@link startMs}; the demo company unless told otherwise. */
export async function startService(options: BusinessCentralSimulatorOptions = {}): Promise<TestService> {
  const clock = createSimulatorClock({ manual: true, startMs });
  const simulator = await startBusinessCentralSimulator({
    clock,
    data: demoData(),
    limits: null,
    ...options,
  });
  const call: TestService['call'] = (method, path, body, headers) =>
    send(`${simulator.url}/api/${path}`, method, body, headers);
  const inCompany =
    (route: string): TestService['call'] =>
    (method, path, body, headers) =>
      call(method, `${route}/companies(${simulator.companyId})/${path}`, body, headers);
  const standard = inCompany('v2.0');
  return {
    simulator,
    call,
    standard,
    companion: inCompany(companionPath),
    list: async (path) => (await standard('GET', path)).body.value,
  };
}
