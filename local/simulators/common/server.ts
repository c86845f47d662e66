/** A small HTTP server on node:http that hands whole requests to one function. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  const server = createServer({ maxHeaderSize: options.maxHeaderBytes ?? 131_072 }, (incoming, outgoing) => {
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
  options: HttpServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const request = await readRequest(incoming);
    send(outgoing, await options.handle(request), request.method);
  } catch (error) {
    if (outgoing.destroyed) return;
    const message = error instanceof Error ? error.message : String(error);
    send(outgoing, { status: 500, body: { error: { code: 'SimulatorFailure', message } } }, 'GET');
  }
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
  const { body } = response;
  const isJson = typeof body === 'object' && body !== null;
  const text = isJson ? JSON.stringify(body) : (body ?? '');
  outgoing.statusCode = response.status;
  if (isJson) outgoing.setHeader('Content-Type', 'application/json; charset=utf-8');
  for (const [name, value] of Object.entries(response.headers ?? {})) outgoing.setHeader(name, value);
  const bodiless = response.status === 204 || response.status === 304;
  if (!bodiless) outgoing.setHeader('Content-Length', Buffer.byteLength(text));
  outgoing.end(bodiless || method === 'HEAD' ? undefined : text);
}
