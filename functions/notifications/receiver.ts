/** What receivers of both services share: reading any body, and answers that never end a subscription. */
import { Buffer } from 'node:buffer';
import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { withInvocationLog } from '../../shared/composition/invocationLog.ts';
import { processLog } from '../../shared/composition/ports.ts';

/** A thousand notifications for each of a dozen subscriptions are below it; what is larger is none of the services'. */
export const mostNotificationBytes = 16 * 1_048_576;

/** The body as JSON; undefined when it is none, or too large. */
export async function readJson(request: Pick<HttpRequest, 'headers' | 'arrayBuffer'>): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > mostNotificationBytes) return undefined;
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.byteLength > mostNotificationBytes) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Received, whether it was of use or not: any other answer ends the subscription (business-central-api 7.4). */
const accepted: HttpResponseInit = { status: 202, headers };

/** Not now: the sender tries again. */
function unavailable(error: unknown): HttpResponseInit {
  processLog('error', 'notification-not-processed', { error });
  return { status: 503, headers: { ...headers, 'retry-after': '60' } };
}

/**
 * A receiver: 202 once `receive` has ended, 503 when it could not work; `atOnce` may answer before anything is read. It
 * never raises.
 */
export function receiver(
  receive: (request: HttpRequest) => Promise<void>,
  atOnce: (request: HttpRequest) => HttpResponseInit | null = () => null,
): HttpHandler {
  return (request, context) =>
    withInvocationLog(context, async () => {
      try {
        const answer = atOnce(request);
        if (answer !== null) return answer;
        await receive(request);
        return accepted;
      } catch (error) {
        return unavailable(error);
      }
    });
}

/** The handshake: the token as it came, as text that no browser takes for a page. */
export function echo(token: string): HttpResponseInit {
  return { status: 200, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: token };
}
