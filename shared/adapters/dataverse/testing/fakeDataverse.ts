/** A scripted Dataverse for unit tests: the real transport over a fetch that answers from functions. */
import { SyncFailure } from '../../../domain/common/failures.ts';
import { type DataverseId, dataverseId } from '../../../domain/common/ids.ts';
import type { Dataverse } from '../../../ports/dataverse.ts';
import { RequestMeter } from '../../../ports/requestMeter.ts';
import { staticToken } from '../../http/tokens.ts';
import { createDataverse } from '../dataverse.ts';
import { createDataverseTransport } from '../dataverseTransport.ts';
import { answerMetadata } from './fakeMetadata.ts';

export const baseUrl = 'https://contoso.crm.dynamics.com';
export const apiUrl = `${baseUrl}/api/data/v9.2/`;

/** A request as the service sees it, alone or inside a batch. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** Decoded path and query below the API's address. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/** Raised by a script to break the connection. */
export class BrokenConnection extends Error {
  readonly code = 'ECONNRESET';
}

export interface FakeScript {
  /** Answers single requests and those inside batches; metadata is answered before it is asked. */
  answer(request: SeenRequest): FakeAnswer;
  /** Answers a whole batch instead; undefined = part by part, with continue-on-error. */
  batch?(parts: readonly SeenRequest[], number: number): FakeAnswer | undefined;
  readonly pageSize?: number;
  readonly concurrency?: number;
}

export interface FakeDataverse {
  readonly dataverse: Dataverse;
  readonly meter: RequestMeter;
  /** HTTP requests but those for metadata, in order. */
  readonly requests: SeenRequest[];
  /** Parts of all batches but those for metadata, in order. */
  readonly parts: SeenRequest[];
  readonly metadataRequests: () => number;
  readonly logged: { readonly event: string; readonly details: Readonly<Record<string, unknown>> }[];
  /** Epoch milliseconds the adapter sees. */
  readonly clock: { nowMs: number };
}

/** An adapter over a script. Counts metadata apart, so that tests can tell exact numbers of requests. */
export function fakeDataverse(script: FakeScript): FakeDataverse {
  const requests: SeenRequest[] = [];
  const parts: SeenRequest[] = [];
  const logged: FakeDataverse['logged'] = [];
  const clock = { nowMs: Date.parse('2026-03-02T08:00:00Z') };
  let metadataRequests = 0;
  let batches = 0;

  function answerHttp(request: SeenRequest): FakeAnswer {
    const inner = request.target === '$batch' ? readParts(request) : [];
    if (inner.some(({ target }) => isTableMetadata(target))) {
      metadataRequests += 1;
      return batchAnswer(inner.map((part) => answerMetadata(part.target)));
    }
    requests.push(request);
    if (inner.length === 0) return script.answer(request);
    parts.push(...inner);
    batches += 1;
    return script.batch?.(inner, batches) ?? batchAnswer(inner.map((part) => script.answer(part)));
  }

  const transport = createDataverseTransport({
    baseUrl,
    fetch: async (input, init) => {
      const headers = Object.fromEntries(new Headers(init?.headers));
      const seen = see(init?.method ?? 'GET', String(input), headers, String(init?.body ?? ''));
      const answer = answerHttp(seen);
      return new Response(bodyText(answer), { status: answer.status, headers: answer.headers ?? {} });
    },
    tokens: staticToken('integration'),
    concurrency: script.concurrency ?? 4,
    retry: { attempts: 3, initialDelayMs: 1, factor: 2, capMs: 4, jitter: 0 },
    now: () => clock.nowMs,
    sleep: async (ms) => {
      clock.nowMs += ms;
    },
    random: () => 0,
    log: () => undefined,
  });
  const meter = new RequestMeter();
  const dataverse = createDataverse({
    baseUrl,
    transport,
    ...(script.pageSize === undefined ? {} : { pageSize: script.pageSize }),
    now: () => clock.nowMs,
    log: (_level, event, details) => logged.push({ event, details }),
  }).metered(meter);
  return { dataverse, meter, requests, parts, logged, clock, metadataRequests: () => metadataRequests };
}

/** What tables are like; the options of a column are the script's to answer. */
function isTableMetadata(target: string): boolean {
  return target.startsWith('EntityDefinitions') && !target.includes('OptionSet(');
}

/** A multipart answer with the given parts. */
export function batchAnswer(answers: readonly FakeAnswer[], status = 200): FakeAnswer {
  const sections = answers.map((answer) =>
    [
      '--batchresponse_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `HTTP/1.1 ${answer.status} Whatever`,
      ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      '',
      bodyText(answer) ?? '',
      '',
    ].join('\r\n'),
  );
  return {
    status,
    headers: { 'Content-Type': 'multipart/mixed; boundary=batchresponse_1' },
    body: `${sections.join('')}--batchresponse_1--\r\n`,
  };
}

/** An error answer in the service's shape (dataverse-web-api section 14). */
export function errorAnswer(status: number, code: string, message = 'The service says no.'): FakeAnswer {
  return { status, body: { error: { code, message } } };
}

/** A distinct id for each number. */
export function testId(number: number): DataverseId {
  return dataverseId(`aaaaaaaa-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
}

/** A raw account row. */
export function rawAccount(number: number, more: Readonly<Record<string, unknown>> = {}): object {
  return {
    '@odata.etag': `W/"${number}"`,
    accountid: testId(number),
    name: `Account ${number}`,
    modifiedon: '2026-03-02T08:00:00Z',
    _modifiedby_value: testId(9_000),
    ...more,
  };
}

/** The failure a promise rejects with; raises when it does not reject with a SyncFailure. */
export async function failureOf(promise: Promise<unknown>): Promise<SyncFailure> {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof SyncFailure) return failure;
  throw new Error(`A SyncFailure was expected, not ${String(failure)}`);
}

function bodyText(answer: FakeAnswer): string | null {
  if (answer.body === undefined) return null;
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
}

function see(method: string, url: string, headers: Record<string, string>, body: string): SeenRequest {
  return { method, url, target: decodeURIComponent(url.replace(apiUrl, '')), headers, body };
}

/** Reads a batch request by its boundary; written apart from the adapter's own code, to check it. */
function readParts(request: SeenRequest): readonly SeenRequest[] {
  const boundary = /boundary="(.+)"/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  const sections = request.body.split(`--${boundary}`).slice(1, -1);
  return sections.map((section) => {
    const [, head = '', ...rest] = section.slice(2, -2).split('\r\n\r\n');
    const [line = '', ...headerLines] = head.split('\r\n');
    const [method = '', url = ''] = line.split(' ');
    const headers = headerLines.map((text) => {
      const colon = text.indexOf(': ');
      return [text.slice(0, colon).toLowerCase(), text.slice(colon + 2)] as const;
    });
    return see(method, url, Object.fromEntries(headers), rest.join('\r\n\r\n'));
  });
}
