/** Which numbers a filter compares properties with. */
import type { FilterExpression, FilterOperand, LiteralOperand } from './filterExpression.ts';

/** A property of the record itself, and a number it is compared with. */
export interface ComparedNumber {
  readonly property: string;
  readonly value: number;
}

/** Every comparison of a property with a number by `eq`, `ne` or `in`, in the order met; null is no filter. Pure. */
export function comparedNumbers(expression: FilterExpression | null): readonly ComparedNumber[] {
  switch (expression?.kind) {
    case 'and':
    case 'or':
      return [...comparedNumbers(expression.left), ...comparedNumbers(expression.right)];
    case 'not':
      return comparedNumbers(expression.operand);
    case 'comparison': {
      const { operator, left, right } = expression;
      if (operator !== 'eq' && operator !== 'ne') return [];
      return [...pairOf(left, right), ...pairOf(right, left)];
    }
    case 'in':
      return expression.values.flatMap((value: LiteralOperand) => pairOf(expression.operand, value));
    default:
      return [];
  }
}

function pairOf(property: FilterOperand, literal: FilterOperand): readonly ComparedNumber[] {
  if (property.kind !== 'property' || literal.kind !== 'literal') return [];
  const [name, ...further] = property.path;
  const { value } = literal;
  return name !== undefined && further.length === 0 && typeof value === 'number'
    ? [{ property: name, value }]
    : [];
}
