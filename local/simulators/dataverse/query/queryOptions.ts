/** The query part of a request: system query options and parameter aliases (dataverse-web-api section 5). */
import { badQuery } from '../errors.ts';
import { splitTopLevel } from './splitTopLevel.ts';

/** One `$expand` entry with its nested options. */
export interface ExpandItem {
  readonly navigation: string;
  readonly options: QueryOptions;
}

/** One entry of `$orderby`. */
export interface OrderItem {
  readonly path: readonly string[];
  readonly descending: boolean;
}

/** The system query options of a request, parsed but not yet checked against a table. */
export interface QueryOptions {
  readonly select: readonly string[] | null;
  readonly filter: string | null;
  readonly orderBy: readonly OrderItem[];
  readonly top: number | null;
  readonly count: boolean;
  readonly expand: readonly ExpandItem[];
  readonly skipToken: string | null;
  readonly deltaToken: string | null;
}

const known = ['$select', '$filter', '$orderby', '$top', '$count', '$expand', '$skiptoken', '$deltatoken'];

/** Raises 400 for an option Dataverse does not support and for values that make no sense. */
export function parseQueryOptions(parameters: URLSearchParams): QueryOptions {
  const aliases = new Map([...parameters].filter(([name]) => name.startsWith('@')));
  const options = new Map([...parameters].filter(([name]) => name.startsWith('$')));
  if (parameters.has('fetchXml')) throw badQuery('FetchXml queries are not available in this organisation.');
  return fromMap(options, aliases);
}

function fromMap(options: ReadonlyMap<string, string>, aliases: ReadonlyMap<string, string>): QueryOptions {
  for (const name of options.keys()) {
    if (!known.includes(name)) throw badQuery(`The query parameter ${name} is not supported.`);
  }
  const filter = options.get('$filter');
  const orderBy = options.get('$orderby');
  return {
    select: listOf(options.get('$select')),
    filter: filter === undefined ? null : withAliases(filter, aliases),
    orderBy: orderBy === undefined ? [] : parseOrderBy(withAliases(orderBy, aliases)),
    top: parseTop(options.get('$top')),
    count: parseCount(options.get('$count')),
    expand: parseExpand(options.get('$expand')),
    skipToken: options.get('$skiptoken') ?? null,
    deltaToken: options.get('$deltatoken') ?? null,
  };
}

function listOf(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw badQuery('$select holds an empty name.');
  return names;
}

/** An unassigned alias is null. Text inside quotes is left alone. */
function withAliases(text: string, aliases: ReadonlyMap<string, string>): string {
  if (!text.includes('@')) return text;
  return text
    .split(/('(?:[^']|'')*')/)
    .map((part) =>
      part.startsWith("'") ? part : part.replaceAll(/@\w+/g, (alias) => aliases.get(alias) ?? 'null'),
    )
    .join('');
}

function parseOrderBy(text: string): readonly OrderItem[] {
  return text.split(',').map((item) => {
    const match = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/.exec(item);
    if (!match?.[1]) throw badQuery(`Syntax error in $orderby: '${item.trim()}'.`);
    return { path: match[1].split('/'), descending: match[2] === 'desc' };
  });
}

function parseTop(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d+$/.test(text)) throw badQuery(`Invalid value '${text}' for $top.`);
  return Number(text);
}

function parseCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw badQuery(`Invalid value '${text}' for $count.`);
}

function parseExpand(text: string | undefined): readonly ExpandItem[] {
  if (text === undefined) return [];
  return splitTopLevel(text, ',').map(parseExpandItem);
}

function parseExpandItem(text: string): ExpandItem {
  const match = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(text);
  if (!match?.[1]) throw badQuery(`Syntax error in $expand: '${text.trim()}'.`);
  const options = new Map(
    splitTopLevel(match[2] ?? '', ';')
      .filter((part) => part.trim() !== '')
      .map((part): readonly [string, string] => {
        const [name = '', ...value] = part.trim().split('=');
        return [name, value.join('=')];
      }),
  );
  if (options.has('$expand')) throw badQuery('Only one level of $expand is supported by this organisation.');
  return { navigation: match[1], options: fromMap(options, new Map()) };
}
