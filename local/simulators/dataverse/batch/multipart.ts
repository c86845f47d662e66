/** Reads the multipart body of a batch (dataverse-web-api section 12). */
import { badPayload } from '../errors.ts';

/** One operation inside a batch. */
export interface BatchOperation {
  readonly contentId: string | null;
  readonly method: string;
  /** As written: absolute path, full address, relative address or `$1...`. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One part of a batch. */
export type BatchPart =
  | { readonly kind: 'operation'; readonly operation: BatchOperation }
  | { readonly kind: 'changeSet'; readonly operations: readonly BatchOperation[] };

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;

/** The parts in order. Raises 400 for a body that is not what the content type says. */
export function parseBatch(contentType: string | undefined, body: string): readonly BatchPart[] {
  return sections(body, boundaryOf(contentType)).map((section) => {
    const type = section.headers['content-type'] ?? '';
    if (!/^multipart\/mixed/i.test(type)) return { kind: 'operation', operation: operationIn(section) };
    const operations = sections(section.body, boundaryOf(type)).map(operationIn);
    checkChangeSet(operations);
    return { kind: 'changeSet', operations };
  });
}

function checkChangeSet(operations: readonly BatchOperation[]): void {
  const ids = new Set<string>();
  for (const { contentId, method } of operations) {
    if (method === 'GET') throw badPayload('A change set cannot contain GET requests.');
    if (contentId === null) throw badPayload('Every operation of a change set needs a Content-ID header.');
    if (ids.has(contentId)) throw badPayload(`The Content-ID ${contentId} is used twice in a change set.`);
    ids.add(contentId);
  }
}

function boundaryOf(contentType: string | undefined): string {
  const boundary = /^multipart\/mixed\s*;.*?boundary="?([^";\s]+)"?/i.exec(contentType ?? '')?.[1];
  if (!boundary) throw badPayload('A batch needs the content type multipart/mixed with a boundary.');
  return boundary;
}

interface Section {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function sections(body: string, boundary: string): readonly Section[] {
  const pieces = `\r\n${body.replaceAll(/\r?\n/g, '\r\n')}`.split(`\r\n--${boundary}`);
  const end = pieces.findIndex((piece) => piece.startsWith('--'));
  if (end < 0) throw badPayload(`The closing boundary --${boundary}-- is missing.`);
  return pieces.slice(1, end).map((piece) => splitHead(piece.replace(/^[ \t]*\r\n/, '')));
}

function splitHead(text: string): Section {
  const at = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n');
  const head = at < 0 ? text : text.slice(0, at);
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: at < 0 ? '' : text.slice(at).replace(/^(\r\n){1,2}/, '') };
}

function operationIn(section: Section): BatchOperation {
  if (!/^application\/http/i.test(section.headers['content-type'] ?? '')) {
    throw badPayload('Every part of a batch needs the content type application/http.');
  }
  const lineEnd = section.body.indexOf('\r\n');
  const line = lineEnd < 0 ? section.body : section.body.slice(0, lineEnd);
  const match = /^([A-Z]+)\s+(\S.*?)\s+HTTP\/1\.1\s*$/.exec(line);
  if (!match?.[1] || !match[2] || !(methods as readonly string[]).includes(match[1])) {
    throw badPayload(`The request line '${line.slice(0, 200)}' of a batch part is not valid.`);
  }
  const inner = splitHead(lineEnd < 0 ? '' : section.body.slice(lineEnd + 2));
  return {
    contentId: section.headers['content-id'] ?? inner.headers['content-id'] ?? null,
    method: match[1],
    target: match[2],
    headers: inner.headers,
    body: inner.body.trim(),
  };
}
