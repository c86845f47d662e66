/** The HTTP listener of the host: reads whole requests and writes whole answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorMessage, HostStartError } from './errors.ts';

/** A request as the host's routes see it. */
export interface HostRequest {
  /** Upper case. */
  readonly method: string;
  /** Absolute; the path is not decoded. */
  readonly url: URL;
  /** Lower-case names; repeated headers joined as HTTP allows. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer to write. */
export interface HostAnswer {
  readonly status: number;
  /** Name and value; a name may come several times (Set-Cookie). */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
}

/** Body limit of the Functions host, 100 MB. */
export const requestBodyLimitBytes = 100 * 1024 * 1024;

/** How long a request may take to arrive as a whole; the load balancer of Azure waits as long for an answer. */
export const requestArrivalLimitMs = 230_000;

/** A listening server. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Accepts no new connection, lets requests under way end; `closeAll` then cuts whatever is left. */
  close(): Promise<void>;
  closeAll(): void;
}

interface HttpServerOptions {
  readonly port: number;
  readonly host: string;
  readonly bodyLimitBytes: number;
  /** Absent = {@link requestArrivalLimitMs}. */
  readonly arrivalLimitMs?: number;
  readonly handle: (request: HostRequest) => Promise<HostAnswer>;
}

class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLargeError();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > limitBytes) throw new BodyTooLargeError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flattenHeaders(incoming: IncomingMessage): Record<string, string> {
  const entries = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries);
}

function writeAnswer(outgoing: ServerResponse, answer: HostAnswer, isHead: boolean): void {
  const body = Buffer.from(answer.body ?? '');
  for (const [name, value] of answer.headers ?? []) outgoing.appendHeader(name, value);
  outgoing.statusCode = answer.status;
  const hasNoBody = answer.status === 204 || answer.status === 304;
  if (!hasNoBody) outgoing.setHeader('content-length', body.length);
  outgoing.end(isHead || hasNoBody ? undefined : body);
}

function writeFailure(outgoing: ServerResponse): void {
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
  writeAnswer(outgoing, { status: 500 }, false);
}

async function answerFor(
  incoming: IncomingMessage,
  options: HttpServerOptions,
  base: string,
): Promise<HostAnswer> {
  try {
    // A path that begins with `//` would be taken for a host name: the base goes in front as text.
    const url = new URL(base + (incoming.url ?? '/'));
    const body = await readBody(incoming, options.bodyLimitBytes);
    return await options.handle({
      method: incoming.method ?? 'GET',
      url,
      headers: flattenHeaders(incoming),
      body,
    });
  } catch (error) {
    if (error instanceof BodyTooLargeError) return { status: 413, headers: [['connection', 'close']] };
    if (error instanceof TypeError && /URL/.test(error.message)) return { status: 400 };
    return { status: 500 };
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isInUse = error.code === 'EADDRINUSE';
      const reason = isInUse ? 'the port is in use; choose another port' : errorMessage(error);
      reject(new HostStartError(`The Functions host cannot listen on ${host}:${port}: ${reason}`));
    });
    server.listen(port, host, resolve);
  });
}

/** Raises the HostStartError that listening would, before anything else is started that would have to be undone. */
export async function refuseTakenPort(port: number, host: string): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await listen(server, port, host);
  await new Promise((resolve) => server.close(resolve));
}

/** Starts to listen; port 0 takes a free port. Raises HostStartError with one clear line when the port is in use. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  let base = '';
  const requestTimeout = options.arrivalLimitMs ?? requestArrivalLimitMs;
  const connectionsCheckingInterval = Math.min(10_000, requestTimeout / 2);
  const limits = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval };
  const server = createServer(limits, (incoming, outgoing) => {
    const hostHeader = incoming.headers.host;
    const requestBase = hostHeader && /^[\w.:[\]-]+$/.test(hostHeader) ? `http://${hostHeader}` : base;
    answerFor(incoming, options, requestBase)
      .then((answer) => writeAnswer(outgoing, answer, incoming.method === 'HEAD'))
      .catch(() => writeFailure(outgoing)) // a header the function set is not valid
      .finally(() => incoming.resume());
  });
  // Longer than clients keep idle connections, so that a client never meets a connection the host is closing.
  server.keepAliveTimeout = 65_000;
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  base = `http://${host}:${port}`;
  return {
    url: base,
    port,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      return closed;
    },
    closeAll: () => server.closeAllConnections(),
  };
}
