/** Requests and responses as the adapters build and read them: plain data, bodies as text. */

/** Methods the two services are addressed with. */
export const httpMethods = ['GET', 'POST', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof httpMethods)[number];

/** One request; credentials and default headers are added by the transport. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute; must belong to the transport's allowed origin. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it may be sent again after a time-out or a broken connection without doing harm. */
  readonly idempotent: boolean;
  /** True when it changes nothing whatever its method, as a batch of reads; a GET never does. */
  readonly readOnly?: boolean;
  /** Longest wait for the whole answer; absent = 120,000. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What a request is called in messages: method and set, without host, query and record keys. */
export function describeRequest(request: Pick<HttpRequest, 'method' | 'url'>): string {
  const path = request.url.split(/[?#]/, 1)[0] ?? '';
  const segment = path.split('/').findLast((part) => part !== '') ?? '';
  return `${request.method} ${segment.replace(/\(.*$/, '')}`;
}
