/** The syntax tree of an OData `$filter` text, and the error its parser raises. */

/** Comparison operators of OData 4.0 that both services support. */
export const comparisonOperators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

/** A value that a record's property or a filter literal can have. Dates and date-times are ISO text. */
export type FilterValue = string | number | boolean | null;

/** How a literal was written; needed to compare instants by time and GUIDs without regard to case. */
export type LiteralType = 'string' | 'number' | 'boolean' | 'null' | 'guid' | 'date' | 'dateTime';

export interface LiteralOperand {
  readonly kind: 'literal';
  readonly type: LiteralType;
  readonly value: FilterValue;
}

/** A property, or a property reached through navigation (`primarycontactid/fullname`). */
export interface PropertyOperand {
  readonly kind: 'property';
  readonly path: readonly string[];
}

/** A function that yields a value, such as `tolower(name)`. */
export interface CallOperand {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly FilterOperand[];
}

export type FilterOperand = LiteralOperand | PropertyOperand | CallOperand;

export type FilterExpression =
  | { readonly kind: 'and' | 'or'; readonly left: FilterExpression; readonly right: FilterExpression }
  | { readonly kind: 'not'; readonly operand: FilterExpression }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: FilterOperand;
      readonly right: FilterOperand;
    }
  | { readonly kind: 'predicate'; readonly name: string; readonly arguments: readonly FilterOperand[] }
  | { readonly kind: 'in'; readonly operand: FilterOperand; readonly values: readonly LiteralOperand[] }
  | {
      readonly kind: 'lambda';
      readonly path: readonly string[];
      readonly quantifier: 'any' | 'all';
      readonly variable: string | null;
      readonly body: FilterExpression | null;
    };

/** Raised when a filter text does not parse; `position` is the zero-based character where it went wrong. */
export class FilterSyntaxError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at character ${position + 1}`);
    this.name = 'FilterSyntaxError';
    this.position = position;
  }
}

/** Every property path a filter reads, in the order met, duplicates kept. */
export function propertiesOf(expression: FilterExpression): readonly (readonly string[])[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [...propertiesOf(expression.left), ...propertiesOf(expression.right)];
    case 'not':
      return propertiesOf(expression.operand);
    case 'comparison':
      return [...operandProperties(expression.left), ...operandProperties(expression.right)];
    case 'predicate':
      return expression.arguments.flatMap(operandProperties);
    case 'in':
      return operandProperties(expression.operand);
    case 'lambda':
      return [expression.path];
  }
}

function operandProperties(operand: FilterOperand): readonly (readonly string[])[] {
  if (operand.kind === 'property') return [operand.path];
  return operand.kind === 'call' ? operand.arguments.flatMap(operandProperties) : [];
}
