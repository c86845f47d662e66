/** Builds the body of a `$batch` request: multipart/mixed, with change sets where asked for (dataverse-web-api section 12). */
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

/** Requests of a batch that are carried out all or not at all. Only writes may be in it. */
export interface ChangeSet {
  readonly operations: readonly BatchPart[];
  /** Place of the operation whose answer counts when all of them succeeded. */
  readonly answering: number;
}

/** What a batch is made of. */
export type BatchUnit = BatchPart | ChangeSet;

/** Whether the unit is a change set. */
export function isChangeSet(unit: BatchUnit): unit is ChangeSet {
  return 'operations' in unit;
}

/** How many requests a unit counts as. */
export function sizeOf(unit: BatchUnit): number {
  return isChangeSet(unit) ? unit.operations.length : 1;
}

/** A body with the content type that names its boundary. */
export interface MultipartBody {
  readonly contentType: string;
  readonly text: string;
}

const lineEnd = '\r\n';

/** Joins the units in order. Pure: the same ones give the same text. Raises kind `bug` on a line break in a header. */
export function buildMultipart(units: readonly BatchUnit[]): MultipartBody {
  return joined(
    units.map((unit) => (isChangeSet(unit) ? writeChangeSet(unit) : writePart(unit))),
    'batch',
  );
}

/** Each request of a change set carries a Content-ID (section 12). */
function writeChangeSet({ operations }: ChangeSet): string {
  const written = operations.map((operation, index) => writePart(operation, `Content-ID: ${index + 1}`));
  const { contentType, text } = joined(written, 'changeset');
  return [`Content-Type: ${contentType}`, '', text].join(lineEnd);
}

function joined(written: readonly string[], name: string): MultipartBody {
  const boundary = freeBoundary(written, name);
  const sections = written.map((part) => `--${boundary}${lineEnd}${part}${lineEnd}`);
  return {
    contentType: `multipart/mixed; boundary="${boundary}"`,
    text: `${sections.join('')}--${boundary}--${lineEnd}`,
  };
}

/** A GET ends with two blank lines because its body is the empty text. */
function writePart(part: BatchPart, ...more: readonly string[]): string {
  const lines = [`${part.method} ${part.url} HTTP/1.1`];
  for (const [name, value] of Object.entries(part.headers)) lines.push(`${name}: ${value}`);
  invariant(!lines.some((line) => /[\r\n]/.test(line)), 'A header of a batch part holds a line break');
  const envelope = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary', ...more, ''];
  return [...envelope, ...lines, '', part.body ?? ''].join(lineEnd);
}

/** A boundary that occurs in no part, however unlikely a clash is. */
function freeBoundary(parts: readonly string[], name: string): string {
  for (let attempt = 1; ; attempt += 1) {
    const boundary = `${name}_${attempt}`;
    if (!parts.some((part) => part.includes(`--${boundary}`))) return boundary;
  }
}
