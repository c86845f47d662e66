/** Evaluates a parsed `$filter` against one record in memory. */
import type {
  ComparisonOperator,
  FilterExpression,
  FilterOperand,
  FilterValue,
  LiteralOperand,
} from './filterExpression.ts';

/** How the two services differ in comparing text. */
export interface FilterSemantics {
  /** Dataverse compares text without regard to case (dataverse-web-api section 5); Business Central does not. */
  readonly ignoreCase: boolean;
  /** In Dataverse `%`, `_` and `[...]` are wildcards of contains, startswith and endswith (section 5). */
  readonly likeWildcards?: boolean;
}

/** Reads the value behind a property path; `undefined` means the record has no such property. */
export type PropertyReader = (path: readonly string[]) => FilterValue | undefined;

/** What {@link evaluateFilter} needs besides the expression. */
export interface FilterSubject {
  readonly read: PropertyReader;
  readonly semantics: FilterSemantics;
  /** Decides `any` and `all`; absent means lambda expressions are ignored, as Business Central does. */
  readonly lambda?: (expression: Extract<FilterExpression, { kind: 'lambda' }>) => boolean;
}

/** Whether the record passes the filter. Pure; a missing property compares like null. */
export function evaluateFilter(expression: FilterExpression, subject: FilterSubject): boolean {
  switch (expression.kind) {
    case 'and':
      return evaluateFilter(expression.left, subject) && evaluateFilter(expression.right, subject);
    case 'or':
      return evaluateFilter(expression.left, subject) || evaluateFilter(expression.right, subject);
    case 'not':
      return !evaluateFilter(expression.operand, subject);
    case 'comparison':
      return compares(expression.operator, expression.left, expression.right, subject);
    case 'predicate':
      return textPredicate(expression.name, expression.arguments, subject);
    case 'in':
      return expression.values.some((value) => compares('eq', expression.operand, value, subject));
    case 'lambda':
      return subject.lambda ? subject.lambda(expression) : true;
  }
}

function compares(
  operator: ComparisonOperator,
  left: FilterOperand,
  right: FilterOperand,
  subject: FilterSubject,
): boolean {
  const leftValue = operandValue(left, subject);
  const rightValue = operandValue(right, subject);
  if (leftValue === null || rightValue === null) return comparesNull(operator, leftValue, rightValue);
  const order = compareValues(leftValue, rightValue, isInstant(left) || isInstant(right), subject.semantics);
  if (order === null) return operator === 'ne';
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
  }
}

/** Ordering against null is never true (OData 4.0, part 2, 5.1.1.1). */
function comparesNull(operator: ComparisonOperator, left: FilterValue, right: FilterValue): boolean {
  if (operator === 'eq') return left === right;
  return operator === 'ne' && left !== right;
}

function isInstant(operand: FilterOperand): operand is LiteralOperand {
  return operand.kind === 'literal' && (operand.type === 'dateTime' || operand.type === 'date');
}

/** Negative, zero or positive; null when the two values cannot be compared. */
function compareValues(
  left: Exclude<FilterValue, null>,
  right: Exclude<FilterValue, null>,
  asInstant: boolean,
  semantics: FilterSemantics,
): number | null {
  if (asInstant) return compareNumbers(Date.parse(String(left)), Date.parse(String(right)));
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right, semantics);
  if (typeof left !== typeof right) return null;
  return compareNumbers(Number(left), Number(right));
}

function compareNumbers(left: number, right: number): number | null {
  return Number.isNaN(left) || Number.isNaN(right) ? null : left - right;
}

function compareText(left: string, right: string, semantics: FilterSemantics): number {
  const [a, b] = semantics.ignoreCase ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function textPredicate(name: string, operands: readonly FilterOperand[], subject: FilterSubject): boolean {
  const [text, part] = operands.map((operand) => foldedText(operand, subject));
  if (text === undefined || part === undefined || text === null || part === null) return false;
  if (subject.semantics.likeWildcards && /[%_[]/.test(part)) return likePattern(name, part).test(text);
  switch (name) {
    case 'contains':
      return text.includes(part);
    case 'startswith':
      return text.startsWith(part);
    default:
      return text.endsWith(part);
  }
}

/** The pattern of SQL `LIKE` as a regular expression. */
function likePattern(name: string, part: string): RegExp {
  const source = part.replaceAll(/\[[^\]]*\]|[%_]|[\\^$.*+?()[\]{}|]/g, (found) => {
    if (found === '%') return '.*';
    if (found === '_') return '.';
    return found.length > 1 ? found.replaceAll('\\', '\\\\') : `\\${found}`;
  });
  return new RegExp(
    `${name === 'endswith' ? '' : '^'}${name === 'contains' ? '.*' : ''}${source}${name === 'endswith' ? '$' : ''}`,
    's',
  );
}

function foldedText(operand: FilterOperand, subject: FilterSubject): string | null {
  const value = operandValue(operand, subject);
  if (value === null) return null;
  return subject.semantics.ignoreCase ? String(value).toLowerCase() : String(value);
}

function operandValue(operand: FilterOperand, subject: FilterSubject): FilterValue {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'property':
      return subject.read(operand.path) ?? null;
    case 'call':
      return callValue(
        operand.name,
        operand.arguments.map((argument) => operandValue(argument, subject)),
      );
  }
}

function callValue(name: string, values: readonly FilterValue[]): FilterValue {
  const [first, second, third] = values;
  if (first === null || first === undefined) return null;
  const text = String(first);
  switch (name) {
    case 'tolower':
      return text.toLowerCase();
    case 'toupper':
      return text.toUpperCase();
    case 'trim':
      return text.trim();
    case 'length':
      return text.length;
    case 'concat':
      return text + String(second ?? '');
    case 'indexof':
      return text.indexOf(String(second ?? ''));
    default:
      return text.substring(
        Number(second ?? 0),
        third === undefined ? undefined : Number(second) + Number(third),
      );
  }
}
