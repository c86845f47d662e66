/**
 * What `$filter` of the service accepts (section 3.1), and the filter rewritten to how it compares:
 * Code columns in upper case, enum members in their encoded form.
 */
import {
  type FilterExpression,
  type FilterOperand,
  FilterSyntaxError,
  type LiteralOperand,
  propertiesOf,
} from '../../../../shared/domain/odata/filterExpression.ts';
import { parseFilter } from '../../../../shared/domain/odata/parseFilter.ts';
import { decodeEnumMember } from '../schema/columns.ts';
import type { EntitySet, Property } from '../schema/schema.ts';
import { badRequest, notImplemented, ServiceError } from '../serviceError.ts';

const valueFunctions = ['tolower', 'toupper', 'substring'];

/** Parses and checks a filter for a set. Raises {@link ServiceError} 400. */
export function readFilter(text: string, set: EntitySet): FilterExpression {
  let expression: FilterExpression;
  try {
    expression = parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest(`Invalid $filter: ${error.message}.`);
    throw error;
  }
  return checked(expression, set);
}

/** `insideOr`: the whole `or` was looked at already; it may join hundreds of ids. */
function checked(expression: FilterExpression, set: EntitySet, insideOr = false): FilterExpression {
  switch (expression.kind) {
    case 'or':
      if (!insideOr) refuseOrOverFields(expression);
      return {
        ...expression,
        left: checked(expression.left, set, true),
        right: checked(expression.right, set, true),
      };
    case 'and':
      return {
        ...expression,
        left: checked(expression.left, set, insideOr),
        right: checked(expression.right, set, insideOr),
      };
    case 'comparison':
      return checkedComparison(expression, set);
    case 'predicate':
      return checkedPredicate(expression, set);
    case 'lambda':
      return expression;
    case 'in':
      throw notImplemented("The 'in' operator is not supported with schema version 2.0.");
    case 'not':
      throw notImplemented("The 'not' operator is not supported.");
  }
}

function refuseOrOverFields(expression: FilterExpression): void {
  const fields = new Set(propertiesOf(expression).map((path) => path.join('/')));
  if (fields.size > 1) {
    throw notImplemented(`An 'or' operator is not supported on distinct fields: ${[...fields].join(', ')}.`);
  }
}

function checkedComparison(
  expression: Extract<FilterExpression, { kind: 'comparison' }>,
  set: EntitySet,
): FilterExpression {
  const property = operandProperty(expression.left, set) ?? operandProperty(expression.right, set);
  if (!property) throw badRequest('A comparison in $filter must name a property.');
  const pattern = startPattern(expression, set);
  if (pattern) return pattern;
  const fold = foldOf(expression.left) ?? foldOf(expression.right);
  return {
    ...expression,
    left: comparable(expression.left, property, fold),
    right: comparable(expression.right, property, fold),
  };
}

/** `resource eq 'v2.0*'` is the documented way to ask for one route of the webhook list (section 7.2). */
function startPattern(
  expression: Extract<FilterExpression, { kind: 'comparison' }>,
  set: EntitySet,
): FilterExpression | null {
  const { left, right, operator } = expression;
  if (set.entitySet !== 'webhookSupportedResources' || operator !== 'eq') return null;
  if (right.kind !== 'literal' || !String(right.value).endsWith('*')) return null;
  const start = { ...right, value: String(right.value).slice(0, -1) };
  return { kind: 'predicate', name: 'startswith', arguments: [left, start] };
}

function checkedPredicate(
  expression: Extract<FilterExpression, { kind: 'predicate' }>,
  set: EntitySet,
): FilterExpression {
  for (const operand of expression.arguments) {
    if (operand.kind === 'call') throw notImplemented('Nested functions need schema version 2.1.');
  }
  const property = expression.arguments.map((operand) => operandProperty(operand, set)).find(Boolean);
  if (!property) throw badRequest(`${expression.name} must name a property.`);
  if (property.type !== 'Edm.String') throw badRequest(`${expression.name} needs a text property.`);
  const operands = expression.arguments.map((operand) =>
    operand.kind === 'literal' && property.code ? upperCased(operand) : operand,
  );
  return { ...expression, arguments: operands };
}

/** The property an operand reads, checked to be one that can be filtered on. */
function operandProperty(operand: FilterOperand, set: EntitySet): Property | null {
  if (operand.kind === 'literal') return null;
  if (operand.kind === 'property') return filterableProperty(operand.path, set);
  if (!valueFunctions.includes(operand.name)) {
    throw notImplemented(`The function '${operand.name}' is not supported in $filter.`);
  }
  const [first, ...rest] = operand.arguments;
  if (!first || [first, ...rest].some((each) => each.kind === 'call')) {
    throw notImplemented('Nested functions need schema version 2.1.');
  }
  return operandProperty(first, set);
}

function filterableProperty(path: readonly string[], set: EntitySet): Property {
  const [name] = path;
  const property = path.length === 1 && name ? set.property.get(name) : undefined;
  if (!property) {
    throw badRequest(
      `Could not find a property named '${path.join('/')}' on type 'Microsoft.NAV.${set.entityType}'.`,
    );
  }
  if (property.computed) throw notImplemented(`The property '${property.name}' cannot be used in a filter.`);
  return property;
}

function foldOf(operand: FilterOperand): 'tolower' | 'toupper' | null {
  if (operand.kind !== 'call') return null;
  return operand.name === 'tolower' || operand.name === 'toupper' ? operand.name : null;
}

function comparable(
  operand: FilterOperand,
  property: Property,
  fold: 'tolower' | 'toupper' | null,
): FilterOperand {
  if (operand.kind !== 'literal' || operand.type === 'null') return operand;
  if (property.enum) return enumMember(operand, property);
  refuseWrongType(operand, property);
  if (operand.type !== 'string') return operand;
  const text = String(operand.value);
  if (fold) return { ...operand, value: fold === 'tolower' ? text.toLowerCase() : text.toUpperCase() };
  if (!property.code) return operand;
  if (property.maxLength !== undefined && text.length > property.maxLength) {
    throw new ServiceError(
      400,
      'Application_FilterErrorException',
      `The filter value '${text}' is longer than the field ${property.column} (${property.maxLength}).`,
    );
  }
  return upperCased(operand);
}

function upperCased(operand: LiteralOperand): LiteralOperand {
  return { ...operand, value: String(operand.value).toUpperCase() };
}

/** Accepts the member as it travels and decoded, so `'_x0020_'` and `' '` alike. */
function enumMember(operand: LiteralOperand, property: Property): LiteralOperand {
  const given = String(operand.value);
  const member = property.values?.find((each) => each === given || decodeEnumMember(each) === given);
  if (operand.type !== 'string' || member === undefined) {
    throw badRequest(`The value '${given}' is not a member of '${property.type}'.`);
  }
  return { ...operand, value: member };
}

function refuseWrongType(operand: LiteralOperand, property: Property): void {
  if (expectedLiteral(property).includes(operand.type)) return;
  throw badRequest(
    `A binary operator with incompatible types was detected: '${property.name}' is ${property.type}, the value is a ${operand.type}.`,
  );
}

function expectedLiteral(property: Property): readonly string[] {
  switch (property.type) {
    case 'Edm.Guid':
      return ['guid'];
    case 'Edm.Boolean':
      return ['boolean'];
    case 'Edm.Date':
      return ['date'];
    case 'Edm.DateTimeOffset':
      return ['dateTime'];
    case 'Edm.Decimal':
    case 'Edm.Int32':
    case 'Edm.Int64':
      return ['number'];
    default:
      return ['string'];
  }
}
