/** Translates between HTTP as Node sees it and the wire form of the programming model. */
import type { HttpCookie, HttpData, InvocationResponse, NullableString, TypedData } from './coreTypes.ts';
import type { HostAnswer, HostRequest } from './httpServer.ts';

/** Headers the server sets by itself. */
const connectionHeaders = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'];

function nullable(values: Readonly<Record<string, string>>): Record<string, NullableString> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function queryOf(url: URL): Record<string, string> {
  const names = new Set(url.searchParams.keys());
  // Repeated parameters arrive as one, joined by commas, as from the real host.
  return Object.fromEntries([...names].map((name) => [name, url.searchParams.getAll(name).join(',')]));
}

/** The request as a function gets it. A body on GET or HEAD is dropped. */
export function toHttpData(request: HostRequest, parameters: Readonly<Record<string, string>>): HttpData {
  const mayHaveBody = request.method !== 'GET' && request.method !== 'HEAD';
  return {
    method: request.method,
    url: request.url.href,
    nullableHeaders: nullable(request.headers),
    nullableParams: nullable(parameters),
    nullableQuery: nullable(queryOf(request.url)),
    ...(mayHaveBody && request.body.length > 0 ? { body: { bytes: request.body } } : {}),
  };
}

function bodyOf(data: TypedData | null | undefined): string | Uint8Array {
  if (!data) return '';
  const number = data.int ?? data.double;
  return data.bytes ?? data.string ?? data.json ?? (number === undefined ? '' : String(number));
}

const sameSiteTexts = { none: undefined, lax: 'Lax', strict: 'Strict', explicitNone: 'None' } as const;

function cookieText(cookie: HttpCookie): string {
  const sameSite = sameSiteTexts[cookie.sameSite ?? 'none'];
  const parts = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    cookie.maxAge && `Max-Age=${cookie.maxAge.value}`,
    cookie.expires && `Expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`,
    cookie.domain && `Domain=${cookie.domain.value}`,
    cookie.path && `Path=${cookie.path.value}`,
    cookie.secure?.value === true && 'Secure',
    cookie.httpOnly?.value === true && 'HttpOnly',
    sameSite && `SameSite=${sameSite}`,
  ];
  return parts.filter((part) => typeof part === 'string').join('; ');
}

function httpOutput(response: InvocationResponse): HttpData | undefined {
  const named = response.outputData?.find(({ data }) => data?.http !== undefined)?.data?.http;
  return response.returnValue?.http ?? named;
}

/** The answer of a function; a function that returns nothing answers 204. */
export function toAnswer(response: InvocationResponse): HostAnswer {
  const http = httpOutput(response);
  if (http === undefined) return { status: 204 };
  const headers = Object.entries(http.headers ?? {}).filter(
    ([name]) => !connectionHeaders.includes(name.toLowerCase()),
  );
  const cookies = (http.cookies ?? []).map((cookie) => ['set-cookie', cookieText(cookie)] as const);
  return {
    status: Number(http.statusCode ?? 200),
    headers: [...headers, ...cookies],
    body: bodyOf(http.body),
  };
}
