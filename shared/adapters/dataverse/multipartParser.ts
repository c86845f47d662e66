/** Reads the answer to a `$batch` request, tolerant of the forms services and gateways give it. */

/** The answer to one request inside a batch. */
export interface BatchAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * The answers in order; answers inside a nested change set response stand where the change set stood.
 *
 * Accepts boundaries with and without quotes, LF line ends, missing Content-IDs and a missing end mark.
 * Returns null when the text is no multipart body. Pure.
 */
export function parseMultipart(contentType: string, text: string): readonly BatchAnswer[] | null {
  return parseUnits(contentType, text)?.flat() ?? null;
}

/** The same, unit by unit: the answers of a change set stand together. A unit without a readable answer is left out. */
export function parseUnits(contentType: string, text: string): readonly (readonly BatchAnswer[])[] | null {
  const boundary = boundaryOf(contentType) ?? firstLineBoundary(text);
  if (boundary === null) return null;
  const sections = splitSections(text, boundary);
  return sections.length === 0 ? null : sections.map(readSection).filter((answers) => answers.length > 0);
}

function boundaryOf(contentType: string): string | null {
  const match = /boundary\s*=\s*(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2] ?? null;
}

/** Used when a proxy has dropped the parameter of the content type. */
function firstLineBoundary(text: string): string | null {
  return /^\s*--([^\r\n]+?)[ \t]*\r?\n/.exec(text)?.[1] ?? null;
}

/** What stands between two delimiter lines, without the line end that belongs to the delimiter. */
function splitSections(text: string, boundary: string): readonly string[] {
  const escaped = boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const delimiter = new RegExp(`(?:^|\\r?\\n)--${escaped}(--)?[ \\t]*(?=\\r?\\n|$)`, 'g');
  const sections: string[] = [];
  let start: number | null = null;
  for (const match of text.matchAll(delimiter)) {
    if (start !== null) sections.push(text.slice(start, match.index));
    start = match[1] === undefined ? match.index + match[0].length : null;
    if (start === null) return sections;
  }
  if (start !== null) sections.push(text.slice(start));
  return sections;
}

function readSection(section: string): readonly BatchAnswer[] {
  const outer = splitHead(section.replace(/^\r?\n/, ''));
  const contentType = outer.headers['content-type'] ?? '';
  if (/^multipart\//i.test(contentType)) return parseMultipart(contentType, outer.rest) ?? [];
  return readHttpAnswer(outer.rest);
}

/** A part without a status line is left out: the caller sees that an answer is missing. */
function readHttpAnswer(text: string): readonly BatchAnswer[] {
  const lines = /^\s*HTTP\/\d(?:\.\d)?\s+(\d{3})[^\r\n]*(?:\r?\n|$)/.exec(text);
  if (!lines) return [];
  const { headers, rest } = splitHead(text.slice(lines[0].length));
  return [{ status: Number(lines[1]), headers, text: rest.trim() }];
}

function splitHead(text: string): { headers: Record<string, string>; rest: string } {
  const blank = /(?:^|\r?\n)\r?\n/.exec(text);
  const head = blank ? text.slice(0, blank.index) : text;
  const headers: Record<string, string> = {};
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, rest: blank ? text.slice(blank.index + blank[0].length) : '' };
}
