/** A company in memory behind the Transport interface, for tests: sets over one stored row, etags, batches. */
import { fromEpochMs } from '../../domain/common/instants.ts';
import type { RequestMeter } from '../../ports/requestMeter.ts';
import type { HttpRequest, HttpResponse } from '../http/httpTypes.ts';
import type { Transport } from '../http/transport.ts';

type Values = Readonly<Record<string, unknown>>;
/** Values of one stored row by set. */
export type StoredValues = Readonly<Record<string, Values>>;

/** One operation: a plain GET, or an inner request of a batch. */
export interface Operation {
  readonly method: string;
  /** Decoded, relative to the route. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Values;
}

/** Status, body and headers of an operation. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface BatchRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Values;
}

interface StoredRow {
  readonly id: string;
  readonly version: number;
  readonly values: StoredValues;
}

/** The service's root in tests. */
export const doubleUrl = 'https://business.example/v2.0/tenant/sandbox';
/** The one company. */
export const doubleCompany = {
  id: '11111111-2222-3333-4444-555555555555',
  name: 'CRONUS',
  displayName: 'Cronus International',
};

/** An empty company whose sets all show the same stored rows. */
export class CompanyDouble {
  readonly transport: Transport;
  readonly requests: HttpRequest[] = [];
  readonly operations: Operation[] = [];
  readonly heldBackMs: number[] = [];
  /** Runs before an operation; an answer takes the place of carrying it out. */
  onOperation: (operation: Operation) => Answer | undefined = () => undefined;
  /** Runs before a request and may raise; a number limits how many of a batch's operations are carried out. */
  onRequest: (request: HttpRequest, index: number) => number | undefined = () => undefined;
  /** Runs after a request was carried out; may raise to lose the answer. */
  onAnswer: (request: HttpRequest, index: number) => void = () => undefined;
  readonly #sets: readonly string[];
  readonly #rows = new Map<string, StoredRow>();
  #version = 0;

  constructor(sets: readonly string[]) {
    this.#sets = sets;
    this.transport = {
      name: 'Business Central',
      send: (request, meter) => this.#send(request, meter),
      holdBack: (pauseMs) => void this.heldBackMs.push(pauseMs),
    };
  }

  /** Adds or replaces a row. */
  add(id: string, values: StoredValues): StoredRow {
    this.#version += 1;
    const row = { id, version: this.#version, values };
    this.#rows.set(id, row);
    return row;
  }

  /** The values of a row as stored. */
  row(id: string): StoredValues | undefined {
    return this.#rows.get(id)?.values;
  }

  /** Changes a row as a user would; its etags of all sets change. */
  edit(id: string, entitySet: string, values: Values): StoredRow {
    const stored = this.row(id);
    return this.add(id, { ...stored, [entitySet]: { ...stored?.[entitySet], ...values } });
  }

  /** Deletes a row as a user would. */
  remove(id: string): void {
    this.#rows.delete(id);
  }

  /** Forgets the requests so far. */
  forget(): void {
    this.requests.length = 0;
    this.operations.length = 0;
  }

  async #send(request: HttpRequest, meter?: RequestMeter): Promise<HttpResponse> {
    const index = this.requests.push(request) - 1;
    meter?.add();
    const limit = this.onRequest(request, index);
    const isBatch = request.url.endsWith('/$batch');
    const body = isBatch ? this.#answerBatch(request, limit) : this.#answerGet(request);
    this.onAnswer(request, index);
    return { status: 200, headers: {}, text: JSON.stringify(body) };
  }

  #answerBatch(request: HttpRequest, limit: number | undefined): unknown {
    const { requests } = JSON.parse(request.body ?? '{}') as { requests: readonly BatchRequest[] };
    const responses = requests.slice(0, limit).map(({ id, method, url, headers = {}, body = {} }) => {
      return { id, ...this.#answer({ method, path: decodeURIComponent(url), headers, body }) };
    });
    return { responses };
  }

  #answerGet(request: HttpRequest): unknown {
    const [, path = ''] = /\/(companies.*)$/.exec(decodeURIComponent(request.url)) ?? [];
    return this.#answer({ method: 'GET', path, headers: request.headers, body: {} }).body;
  }

  #answer(operation: Operation): Answer {
    this.operations.push(operation);
    return this.onOperation(operation) ?? this.#carryOut(operation);
  }

  #carryOut(operation: Operation): Answer {
    if (/^companies(\?|$)/.test(operation.path)) return { status: 200, body: { value: [doubleCompany] } };
    const [, set = '', id = ''] = /^companies\([^)]*\)\/(\w+)(?:\(([^)]*)\))?/.exec(operation.path) ?? [];
    if (!this.#sets.includes(set)) return refusal(404, 'BadRequest_ResourceNotFound', 'No such set.');
    if (operation.method === 'GET') return { status: 200, body: { value: this.#found(set, operation.path) } };
    if (operation.method === 'POST') return this.#insert(set, operation.body);
    return this.#change(set, this.#rows.get(id), operation);
  }

  #found(set: string, path: string): readonly unknown[] {
    const wanted = [...path.matchAll(/(\w+) eq '?([^' ]*)'?/g)];
    const passes = (row: StoredRow): boolean =>
      wanted.some(([, name = '', value]) => (name === 'id' ? row.id : row.values[set]?.[name]) === value);
    return [...this.#rows.values()]
      .filter((row) => row.values[set] !== undefined && (wanted.length === 0 || passes(row)))
      .map((row) => shown(set, row));
  }

  #insert(set: string, body: Values): Answer {
    const id = `00000000-0000-0000-0000-${String(this.#version + 1).padStart(12, '0')}`;
    const blanks = Object.fromEntries(this.#sets.map((name) => [name, {}]));
    return { status: 201, body: shown(set, this.add(id, { ...blanks, [set]: body })) };
  }

  #change(set: string, row: StoredRow | undefined, { method, headers, body }: Operation): Answer {
    if (row === undefined) return refusal(404, 'Internal_RecordNotFound', 'Gone.');
    if (headers['If-Match'] !== etagOf(set, row)) return refusal(409, 'Request_EntityChanged', 'Changed.');
    if (method !== 'DELETE') return { status: 200, body: shown(set, this.edit(row.id, set, body)) };
    this.remove(row.id);
    return { status: 204 };
  }
}

function etagOf(set: string, row: StoredRow): string {
  return `W/"${set}-${row.version}"`;
}

function shown(set: string, row: StoredRow): Values {
  const lastModifiedDateTime = fromEpochMs(Date.UTC(2026, 0, 1) + row.version);
  return { '@odata.etag': etagOf(set, row), id: row.id, lastModifiedDateTime, ...row.values[set] };
}

/** An answer in the service's error form, with its correlation id. */
export function refusal(status: number, code: string, message: string): Answer {
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  return { status, body: { error: { code, message: `${message}  CorrelationId:  ${id}.` } } };
}
