/** Not simulated: `$apply` and query functions other than `In`. Checks a parsed `$filter` against the table: known properties, operand types, supported functions. */
import type {
  FilterExpression,
  FilterOperand,
  LiteralOperand,
} from '../../../../shared/domain/odata/filterExpression.ts';
import { badQuery, unknownProperty } from '../errors.ts';
import type { Organisation } from '../organisation.ts';
import { type Column, isLookup, type Table } from '../schema/schema.ts';
import { collectionTable } from './navigate.ts';

interface Scope {
  readonly organisation: Organisation;
  readonly table: Table;
  /** The variable of the surrounding lambda, null outside. */
  readonly variable: string | null;
}

/** Raises 400 `0x80060888` for what Dataverse would refuse. */
export function checkFilter(expression: FilterExpression, organisation: Organisation, table: Table): void {
  check(expression, { organisation, table, variable: null });
}

function check(expression: FilterExpression, scope: Scope): void {
  switch (expression.kind) {
    case 'and':
    case 'or':
      check(expression.left, scope);
      check(expression.right, scope);
      return;
    case 'not':
      check(expression.operand, scope);
      return;
    case 'comparison':
      checkPair(expression.left, expression.right, scope);
      return;
    case 'predicate':
      for (const operand of expression.arguments) checkText(operand, scope);
      return;
    case 'in':
      columnOf(expression.operand, scope);
      return;
    case 'lambda':
      checkLambda(expression, scope);
  }
}

function checkLambda(expression: Extract<FilterExpression, { kind: 'lambda' }>, scope: Scope): void {
  const [navigation = '', ...rest] = expression.path;
  const other = rest.length === 0 ? collectionTable(scope.organisation, scope.table, navigation) : null;
  if (!other) throw unknownProperty(expression.path.join('/'), scope.table.logicalName);
  if (expression.body) {
    check(expression.body, { ...scope, table: other, variable: expression.variable });
  }
}

function checkPair(left: FilterOperand, right: FilterOperand, scope: Scope): void {
  const leftColumn = columnOf(left, scope);
  const rightColumn = columnOf(right, scope);
  if (leftColumn && right.kind === 'literal') checkLiteral(leftColumn, right);
  if (rightColumn && left.kind === 'literal') checkLiteral(rightColumn, left);
}

function checkText(operand: FilterOperand, scope: Scope): void {
  const column = columnOf(operand, scope);
  if (column && column.edm !== 'Edm.String') {
    throw badQuery(`A text function cannot be applied to '${column.property}' of type '${column.edm}'.`);
  }
}

/** The column of an operand; null for a literal. */
function columnOf(operand: FilterOperand, scope: Scope): Column | null {
  if (operand.kind === 'literal') return null;
  if (operand.kind === 'call') throw badQuery(`The function '${operand.name}' is not supported.`);
  const path = scope.variable === operand.path[0] ? operand.path.slice(1) : operand.path;
  return columnAt(scope.organisation, scope.table, path);
}

/** The column at the end of a path through single-valued navigation. Raises 400 when there is none. */
export function columnAt(organisation: Organisation, table: Table, path: readonly string[]): Column {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    const column = table.byProperty.get(first);
    if (!column || (isLookup(column) && first === column.name))
      throw unknownProperty(first, table.logicalName);
    return column;
  }
  const target = organisation.schema.byName.get(table.byNavigation.get(first)?.target ?? '');
  if (!target) throw unknownProperty(first, table.logicalName);
  return columnAt(organisation, target, rest);
}

const literalKinds: Readonly<Record<string, readonly LiteralOperand['type'][]>> = {
  'Edm.String': ['string'],
  'Edm.Guid': ['guid', 'string'],
  'Edm.Boolean': ['boolean'],
  'Edm.Date': ['date', 'dateTime'],
  'Edm.DateTimeOffset': ['date', 'dateTime'],
};

/** Null fits everything; numbers fit every numeric column. */
function checkLiteral(column: Column, literal: LiteralOperand): void {
  if (literal.type === 'null') return;
  const allowed = literalKinds[column.edm] ?? ['number'];
  if (allowed.includes(literal.type)) return;
  throw badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${column.edm}' and '${literal.type}' for '${column.property}'.`,
  );
}
