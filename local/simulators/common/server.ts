/** A small HTTP server on node:http that hands whole requests to one function. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directFetch } from './directFetch.ts';
import { answerOf, payloadOf } from './payload.ts';

/** One request, body read to its end. */
export interface SimulatorRequest {
  readonly method: string;
  readonly url: URL;
  /** The path as sent, not decoded, without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer. An object body is sent as JSON. Status 0 breaks the connection instead of answering. */
export interface SimulatorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object | null;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Reaches the server from its own process without a socket; see directFetch. */
  readonly fetch: typeof fetch;
  /** Stops listening and ends idle connections; resolves when nothing is open. Safe to call twice. */
  close(): Promise<void>;
}

/** Where to listen and who answers. */
export interface HttpServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string;
  handle(request: SimulatorRequest): Promise<SimulatorResponse> | SimulatorResponse;
  readonly maxHeaderBytes?: number;
}

const keepAliveMs = 30_000;
/** How long close() waits for requests still being answered before it breaks their connections. */
const closeGraceMs = 2_000;

/** Starts the server. Rejects with a one-line Error when the port is in use. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const host = options.host ?? '127.0.0.1';
  const maxHeaderBytes = options.maxHeaderBytes ?? 131_072;
  const server = createServer({ maxHeaderSize: maxHeaderBytes }, (incoming, outgoing) => {
    outgoing.on('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    void answer(options, incoming, outgoing);
  });
  server.keepAliveTimeout = keepAliveMs;
  await listen(server, options.port, host);
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    fetch: directFetch({ handle: options.handle, maxHeaderBytes, isOpen: () => closing === null }),
    close: () => {
      closing ??= closeServer(server);
      return closing;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'the port is already in use' : error.message;
      reject(new Error(`Cannot listen on ${host}:${port}: ${reason}.`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), closeGraceMs).unref();
  });
}

async function answer(
  { handle }: HttpServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  let method = 'GET';
  const response = await answerOf(async () => {
    const request = await readRequest(incoming);
    method = request.method;
    return handle(request);
  });
  if (!outgoing.destroyed) send(outgoing, response, method);
}

async function readRequest(incoming: IncomingMessage): Promise<SimulatorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const target = incoming.url ?? '/';
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    url: new URL(`http://${incoming.headers.host ?? 'localhost'}${target.startsWith('/') ? target : '/'}`),
    path: target.split('?', 1)[0] ?? '/',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(outgoing: ServerResponse, response: SimulatorResponse, method: string): void {
  if (response.status === 0) {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const { headers, text } = payloadOf(response);
  outgoing.statusCode = response.status;
  for (const [name, value] of headers) outgoing.setHeader(name, value);
  if (text !== null) outgoing.setHeader('Content-Length', Buffer.byteLength(text));
  outgoing.end(text === null || method === 'HEAD' ? undefined : text);
}
