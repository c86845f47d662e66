/** A company in memory behind the Transport interface, for tests: two sets over one stored row, etags, batches. */
import { instant } from '../../domain/common/instants.ts';
import type { RequestMeter } from '../../ports/requestMeter.ts';
import type { HttpRequest, HttpResponse } from '../http/httpTypes.ts';
import type { Transport } from '../http/transport.ts';

/** Values of one stored row by set. */
export type StoredValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** One operation: a plain GET, or an inner request of a batch. */
export interface Operation {
  readonly method: string;
  /** Decoded, relative to the route. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
/** Status, body and headers of an operation. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface StoredRow {
  id: string;
  version: number;
  values: Record<string, Record<string, unknown>>;
}

/** What a test can do with the company. */
export interface CompanyDouble {
  readonly transport: Transport;
  readonly requests: HttpRequest[];
  readonly operations: Operation[];
  readonly heldBackMs: number[];
  /** Runs before an operation; an answer takes the place of carrying it out. */
  onOperation: (operation: Operation) => Answer | undefined;
  /** Runs before a request, which it may fail; the result replaces the number of operations carried out. */
  onRequest: (request: HttpRequest, index: number) => number | undefined;
  /** Runs after a request was carried out; may raise to lose the answer. */
  onAnswer: (request: HttpRequest, index: number) => void;
  add(id: string, values: StoredValues): void;
  row(id: string): StoredValues | undefined;
  edit(id: string, entitySet: string, values: Readonly<Record<string, unknown>>): void;
}

/** The service's root in tests. */
export const doubleUrl = 'https://business.example/v2.0/tenant/sandbox';
const companyId = '11111111-2222-3333-4444-555555555555';
/** Id of the one company. */
export const doubleCompany = { id: companyId, name: 'CRONUS', displayName: 'Cronus International' };

/** An empty company; `sets` are the entity sets over its rows. */
export function companyDouble(sets: readonly string[]): CompanyDouble {
  const rows = new Map<string, StoredRow>();
  let clock = 0;
  const touch = (row: StoredRow): void => {
    clock += 1;
    row.version = clock;
  };
  const double: CompanyDouble = {
    transport: {
      name: 'Business Central',
      send,
      holdBack: (pauseMs) => void double.heldBackMs.push(pauseMs),
    },
    requests: [],
    operations: [],
    heldBackMs: [],
    onOperation: () => undefined,
    onRequest: () => undefined,
    onAnswer: () => undefined,
    add: (id, values) => {
      const row: StoredRow = { id, version: 0, values: structuredClone(values) as StoredRow['values'] };
      touch(row);
      rows.set(id, row);
    },
    row: (id) => rows.get(id)?.values,
    edit: (id, entitySet, values) => {
      const row = rows.get(id);
      if (row === undefined) return;
      row.values[entitySet] = { ...row.values[entitySet], ...values };
      touch(row);
    },
  };

  async function send(request: HttpRequest, meter?: RequestMeter): Promise<HttpResponse> {
    const index = double.requests.push(request) - 1;
    meter?.add();
    const limit = double.onRequest(request, index);
    const body = request.url.endsWith('/$batch') ? answerBatch(request, limit) : answerGet(request);
    double.onAnswer(request, index);
    return { status: 200, headers: {}, text: JSON.stringify(body) };
  }

  function answerBatch(request: HttpRequest, limit: number | undefined): unknown {
    const { requests } = JSON.parse(request.body ?? '{}') as { requests: BatchRequest[] };
    const responses = requests.slice(0, limit).map((inner) => {
      const path = decodeURIComponent(inner.url);
      const operation = { method: inner.method, path, headers: inner.headers ?? {}, body: inner.body ?? {} };
      double.operations.push(operation);
      return { id: inner.id, ...(double.onOperation(operation) ?? carryOut(operation)) };
    });
    return { responses };
  }

  function answerGet(request: HttpRequest): unknown {
    const [, path = ''] = /\/(companies.*)$/.exec(decodeURIComponent(request.url)) ?? [];
    const operation = { method: 'GET', path, headers: request.headers, body: {} };
    double.operations.push(operation);
    const intercepted = double.onOperation(operation);
    if (intercepted) return intercepted.body;
    if (/^companies(\?|$)/.test(path)) return { value: [doubleCompany] };
    return carryOut(operation).body;
  }

  function carryOut(operation: Operation): Answer {
    const [, set = '', id] = /^companies\([^)]*\)\/(\w+)(?:\(([^)]*)\))?/.exec(operation.path) ?? [];
    if (!sets.includes(set)) return refusal(404, 'BadRequest_ResourceNotFound', 'No such set.');
    if (operation.method === 'GET') return { status: 200, body: { value: found(set, operation.path) } };
    if (operation.method === 'POST') return insert(set, operation.body);
    return patch(set, rows.get(id ?? ''), operation);
  }

  function found(set: string, path: string): readonly unknown[] {
    const wanted = [...path.matchAll(/(\w+) eq '?([^' ]*)'?/g)];
    const all = [...rows.values()].filter((row) => row.values[set] !== undefined);
    const passes = (row: StoredRow): boolean =>
      wanted.some(([, name = '', value]) => (name === 'id' ? row.id : row.values[set]?.[name]) === value);
    return all.filter((row) => wanted.length === 0 || passes(row)).map((row) => shown(set, row));
  }

  function insert(set: string, body: Operation['body']): Answer {
    clock += 1;
    const id = `00000000-0000-0000-0000-${String(clock).padStart(12, '0')}`;
    const blanks = sets.map((name): [string, Record<string, unknown>] => [name, {}]);
    const row: StoredRow = {
      id,
      version: clock,
      values: { ...Object.fromEntries(blanks), [set]: { ...body } },
    };
    rows.set(id, row);
    return { status: 201, body: shown(set, row) };
  }

  function patch(set: string, row: StoredRow | undefined, { headers, body }: Operation): Answer {
    if (row === undefined) return refusal(404, 'Internal_RecordNotFound', 'Gone.');
    if (headers['If-Match'] !== etagOf(set, row)) return refusal(409, 'Request_EntityChanged', 'Changed.');
    row.values[set] = { ...row.values[set], ...body };
    touch(row);
    return { status: 200, body: shown(set, row) };
  }
  return double;
}

interface BatchRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

function etagOf(set: string, row: StoredRow): string {
  return `W/"${set}-${row.version}"`;
}

function shown(set: string, row: StoredRow): Readonly<Record<string, unknown>> {
  const lastModifiedDateTime = instant(new Date(Date.UTC(2026, 0, 1) + row.version).toISOString());
  return { '@odata.etag': etagOf(set, row), id: row.id, lastModifiedDateTime, ...row.values[set] };
}

/** An answer in the service's error form, with its correlation id. */
export function refusal(status: number, code: string, message: string): Answer {
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  return { status, body: { error: { code, message: `${message}  CorrelationId:  ${id}.` } } };
}
