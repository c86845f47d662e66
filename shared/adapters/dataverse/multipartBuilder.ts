/** Builds the body of a `$batch` request: multipart/mixed without change sets (dataverse-web-api section 12). */
import { invariant } from '../../domain/common/failures.ts';

/** One request inside a batch. */
export interface BatchPart {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Full address, already URL-encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; absent for a GET and a DELETE. */
  readonly body?: string;
}

/** A body with the content type that names its boundary. */
export interface MultipartBody {
  readonly contentType: string;
  readonly text: string;
}

const lineEnd = '\r\n';

/** Joins the parts in order. Pure: the same parts give the same text. Raises kind `bug` on a line break in a header. */
export function buildMultipart(parts: readonly BatchPart[]): MultipartBody {
  const written = parts.map(writePart);
  const boundary = freeBoundary(written);
  const sections = written.map((part) => `--${boundary}${lineEnd}${part}${lineEnd}`);
  return {
    contentType: `multipart/mixed; boundary="${boundary}"`,
    text: `${sections.join('')}--${boundary}--${lineEnd}`,
  };
}

/** A GET ends with two blank lines because its body is the empty text. */
function writePart(part: BatchPart): string {
  const lines = [`${part.method} ${part.url} HTTP/1.1`];
  for (const [name, value] of Object.entries(part.headers)) lines.push(`${name}: ${value}`);
  invariant(!lines.some((line) => /[\r\n]/.test(line)), 'A header of a batch part holds a line break');
  const envelope = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary', ''];
  return [...envelope, ...lines, '', part.body ?? ''].join(lineEnd);
}

/** A boundary that occurs in no part, however unlikely a clash is. */
function freeBoundary(parts: readonly string[]): string {
  for (let attempt = 1; ; attempt += 1) {
    const boundary = `batch_${attempt}`;
    if (!parts.some((part) => part.includes(`--${boundary}`))) return boundary;
  }
}
