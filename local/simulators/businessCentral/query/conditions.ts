/** Finds in a filter what an index can answer: equal values of one field, and bounds of one field. */
import type { FilterExpression, LiteralOperand } from '../../../../shared/domain/odata/filterExpression.ts';
import type { Value } from '../schema/entityModel.ts';

/** The filter holds only where the property has one of the values. */
export interface EqualSet {
  readonly property: string;
  readonly values: readonly Value[];
}

/** A lower or upper bound of a property. */
export interface Bound {
  readonly operator: 'gt' | 'ge' | 'lt' | 'le';
  readonly literal: LiteralOperand;
}

/** The parts of a filter joined by `and`. */
export function conjuncts(expression: FilterExpression | null): readonly FilterExpression[] {
  if (!expression) return [];
  return expression.kind === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];
}

/** `a eq 1`, `a eq 1 or a eq 2 ...`; null for anything else. Walks without recursion on the left, which is deep. */
export function equalSetOf(expression: FilterExpression): EqualSet | null {
  const values: Value[] = [];
  let property: string | null = null;
  const open: FilterExpression[] = [expression];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'or') {
      open.push(next.left, next.right);
      continue;
    }
    const equal = equalOf(next);
    if (!equal || (property !== null && property !== equal.property)) return null;
    property = equal.property;
    values.push(equal.value);
  }
  return property === null ? null : { property, values };
}

function equalOf(expression: FilterExpression): { readonly property: string; readonly value: Value } | null {
  if (expression.kind !== 'comparison' || expression.operator !== 'eq') return null;
  const [property, literal] = [expression.left, expression.right];
  if (property.kind !== 'property' || literal.kind !== 'literal' || literal.value === null) return null;
  const [name] = property.path;
  return name === undefined ? null : { property: name, value: literal.value };
}

/** The bounds a filter sets to a property. */
export function boundsOf(expression: FilterExpression | null, property: string): readonly Bound[] {
  return conjuncts(expression).flatMap((part) => {
    if (part.kind !== 'comparison' || part.operator === 'eq' || part.operator === 'ne') return [];
    const { left, right, operator } = part;
    if (left.kind !== 'property' || left.path[0] !== property || right.kind !== 'literal') return [];
    return [{ operator, literal: right }];
  });
}
