/** One exchange over the wire: a request out, a response or a broken connection back; never raises. */
import type { ErrorFacts } from './errorTable.ts';
import type { HttpRequest, HttpResponse } from './httpTypes.ts';

/** Longest wait for an answer unless the request says otherwise. */
export const defaultTimeoutMs = 120_000;

/** A connection that broke before the whole answer was there. */
export interface BrokenExchange extends ErrorFacts {
  readonly status: 'network' | 'timeout';
  readonly cause: unknown;
}

/** Sends once. Redirects are not followed, so that credentials stay with the host they are meant for. */
export async function exchange(
  fetchFunction: typeof fetch,
  request: HttpRequest,
  headers: Headers,
): Promise<HttpResponse | BrokenExchange> {
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
  try {
    const response = await fetchFunction(request.url, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch (cause) {
    return broken(cause, timeoutMs);
  }
}

/** Whether the exchange ended without a whole answer. */
export function isBroken(result: HttpResponse | BrokenExchange): result is BrokenExchange {
  return typeof result.status === 'string';
}

function broken(cause: unknown, timeoutMs: number): BrokenExchange {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    const message = `no answer within ${Math.round(timeoutMs / 1_000)} seconds`;
    return { status: 'timeout', code: 'TimeoutError', message, cause };
  }
  const code = networkCode(cause);
  const message = code === '' ? 'the connection broke' : `the connection broke (${code})`;
  return { status: 'network', code, message, cause };
}

/** The code deepest in the chain of causes: fetch wraps what the socket said. */
function networkCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = networkCode(cause) || (Array.isArray(errors) ? networkCode(errors[0]) : '');
  return inner || (typeof code === 'string' ? code : '');
}
