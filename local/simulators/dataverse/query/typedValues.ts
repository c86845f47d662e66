/** Values of `Microsoft.Dynamics.CRM.In` are always quoted; here they get the type of the column. */
import type { FilterExpression, LiteralOperand } from '../../../../shared/domain/odata/filterExpression.ts';
import type { Table } from '../schema/schema.ts';

/** The expression with quoted numbers and booleans of `In` turned into what the column holds. */
export function withTypedValues(expression: FilterExpression, table: Table): FilterExpression {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return {
        ...expression,
        left: withTypedValues(expression.left, table),
        right: withTypedValues(expression.right, table),
      };
    case 'not':
      return { ...expression, operand: withTypedValues(expression.operand, table) };
    case 'in':
      return {
        ...expression,
        values: expression.values.map((value) => typed(value, edmOf(expression, table))),
      };
    default:
      return expression;
  }
}

function edmOf(expression: Extract<FilterExpression, { kind: 'in' }>, table: Table): string {
  const { operand } = expression;
  const name = operand.kind === 'property' ? operand.path.at(-1) : undefined;
  return table.byProperty.get(name ?? '')?.edm ?? 'Edm.String';
}

const textual: readonly string[] = ['Edm.String', 'Edm.Guid', 'Edm.Date', 'Edm.DateTimeOffset'];

function typed(literal: LiteralOperand, edm: string): LiteralOperand {
  if (literal.type !== 'string' || textual.includes(edm)) return literal;
  if (edm === 'Edm.Boolean') {
    return { kind: 'literal', type: 'boolean', value: String(literal.value).toLowerCase() === 'true' };
  }
  return { kind: 'literal', type: 'number', value: Number(literal.value) };
}
