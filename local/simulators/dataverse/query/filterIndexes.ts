/** Finds the part of a filter that an index can answer, so that large tables are not scanned. */
import type { FilterExpression } from '../../../../shared/domain/odata/filterExpression.ts';
import { wholeSeconds } from '../organisation.ts';
import type { ColumnType, Table } from '../schema/schema.ts';
import { type ColumnValue, type Row, versionOf } from '../store/row.ts';
import type { TableStore } from '../store/tableStore.ts';

/** A superset of the rows that pass; null when no index applies. */
export function indexedCandidates(
  expression: FilterExpression,
  table: Table,
  rows: TableStore,
): readonly Row[] | null {
  if (expression.kind === 'and') {
    return (
      byEquality(expression.left, table, rows) ??
      byEquality(expression.right, table, rows) ??
      indexedCandidates(expression.left, table, rows) ??
      indexedCandidates(expression.right, table, rows)
    );
  }
  return byEquality(expression, table, rows) ?? byRange(expression, rows);
}

/** Types with few different values, or several ways to write the same one. */
const unindexed: readonly ColumnType[] = ['DateTime', 'State', 'Status', 'Picklist', 'Boolean'];

function byEquality(expression: FilterExpression, table: Table, rows: TableStore): readonly Row[] | null {
  const equality = equalityOf(expression);
  const column = equality ? table.byProperty.get(equality.property) : undefined;
  if (!equality || !column || unindexed.includes(column.type) || equality.values.includes(null)) return null;
  const found = new Map<string, Row>();
  for (const value of equality.values) {
    for (const row of lookUp(table, rows, equality.property, value))
      found.set(String(row[table.primaryId]), row);
  }
  return [...found.values()];
}

function lookUp(table: Table, rows: TableStore, property: string, value: ColumnValue): readonly Row[] {
  if (property !== table.primaryId) return rows.withValue(property, value);
  const row = rows.get(String(value).toLowerCase());
  return row ? [row] : [];
}

interface Equality {
  readonly property: string;
  readonly values: readonly ColumnValue[];
}

/** `a eq 1`, `a eq 1 or a eq 2 ...` and `In`, all over one property of the row itself. */
function equalityOf(expression: FilterExpression): Equality | null {
  if (expression.kind === 'or') {
    const left = equalityOf(expression.left);
    const right = left ? equalityOf(expression.right) : null;
    if (!left || !right || left.property !== right.property) return null;
    return { property: left.property, values: [...left.values, ...right.values] };
  }
  if (expression.kind === 'in' && expression.operand.kind === 'property') {
    return ofPath(
      expression.operand.path,
      expression.values.map((value) => value.value),
    );
  }
  if (expression.kind !== 'comparison' || expression.operator !== 'eq') return null;
  const { left, right } = expression;
  return left.kind === 'property' && right.kind === 'literal' ? ofPath(left.path, [right.value]) : null;
}

function ofPath(path: readonly string[], values: readonly ColumnValue[]): Equality | null {
  const [property] = path;
  return path.length === 1 && property ? { property, values } : null;
}

function byRange(expression: FilterExpression, rows: TableStore): readonly Row[] | null {
  if (expression.kind !== 'comparison' || !['gt', 'ge'].includes(expression.operator)) return null;
  const { left, right } = expression;
  if (left.kind !== 'property' || left.path.length !== 1 || right.kind !== 'literal') return null;
  if (left.path[0] === 'modifiedon') {
    const epochMs = Date.parse(String(right.value));
    return Number.isNaN(epochMs) ? null : [...rows.modifiedFrom(wholeSeconds(epochMs))];
  }
  if (left.path[0] === 'versionnumber' && typeof right.value === 'number') {
    return [...rows.changedAfter(right.value - 1)].filter((row) => versionOf(row) >= Number(right.value));
  }
  return null;
}
