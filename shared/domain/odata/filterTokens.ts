/** Splits an OData `$filter` text into tokens. */
import { FilterSyntaxError, type LiteralType } from './filterExpression.ts';

export interface FilterToken {
  readonly kind: 'literal' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly position: number;
  readonly literalType?: LiteralType;
}

const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const dateTime = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,12})?)?(?:Z|[+-]\\d{2}:\\d{2})';

/** Tried in this order at each position; the longer forms come before the forms they begin with. */
const patterns: readonly (readonly [RegExp, FilterToken['kind'], LiteralType?])[] = [
  [/'(?:[^']|'')*'/y, 'literal', 'string'],
  [new RegExp(`${guid}(?![\\w-])`, 'y'), 'literal', 'guid'],
  [new RegExp(dateTime, 'y'), 'literal', 'dateTime'],
  [/\d{4}-\d{2}-\d{2}(?![\w-])/y, 'literal', 'date'],
  [/[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y, 'literal', 'number'],
  [/(?:true|false)(?!\w)/y, 'literal', 'boolean'],
  [/null(?!\w)/y, 'literal', 'null'],
  [/[A-Za-z_][\w.]*/y, 'name'],
  [/[(),/:=[\]]/y, 'symbol'],
];

function tokenAt(text: string, position: number): FilterToken {
  for (const [pattern, kind, literalType] of patterns) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) return { kind, text: match[0], position, ...(literalType ? { literalType } : {}) };
  }
  const found = text.startsWith("'", position)
    ? 'Text without closing quote'
    : `Unexpected "${text[position]}"`;
  throw new FilterSyntaxError(found, position);
}

/** The tokens of `text`, closed by one of kind `end`. Raises {@link FilterSyntaxError}. */
export function tokenizeFilter(text: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  let position = 0;
  while (position < text.length) {
    if (/\s/.test(text[position] ?? '')) {
      position += 1;
      continue;
    }
    const token = tokenAt(text, position);
    tokens.push(token);
    position += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', position: text.length }];
}
