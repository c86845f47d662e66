/** Compiles `$filter` into a test for rows and, where an index helps, the rows worth testing. */
import { evaluateFilter, type PropertyReader } from '../../../../shared/domain/odata/evaluateFilter.ts';
import {
  type FilterExpression,
  FilterSyntaxError,
} from '../../../../shared/domain/odata/filterExpression.ts';
import { tokenizeFilter } from '../../../../shared/domain/odata/filterTokens.ts';
import { parseFilter } from '../../../../shared/domain/odata/parseFilter.ts';
import { badQuery } from '../errors.ts';
import type { Organisation } from '../organisation.ts';
import type { Table } from '../schema/schema.ts';
import type { Row } from '../store/row.ts';
import { checkFilter } from './checkFilter.ts';
import { indexedCandidates } from './filterIndexes.ts';
import { collectionTable, relatedRows, valueAt } from './navigate.ts';
import { withTypedValues } from './typedValues.ts';

/** A filter ready to use on rows of its table. */
export interface CompiledFilter {
  test(row: Row): boolean;
  /** Rows that may pass, found through an index; null when every row has to be tested. */
  candidates(): readonly Row[] | null;
}

/** Raises 400 `0x80060888` when the text does not parse or does not fit the table. */
export function compileFilter(organisation: Organisation, table: Table, text: string): CompiledFilter {
  const expression = withTypedValues(parsed(text), table);
  checkFilter(expression, organisation, table);
  return {
    test: (row) => passes(organisation, expression, table, row, null, null),
    candidates: () => indexedCandidates(expression, table, organisation.store.table(table)),
  };
}

/** The `in` operator of OData 4.01 does not exist here; the function `Microsoft.Dynamics.CRM.In` does. */
function parsed(text: string): FilterExpression {
  try {
    if (tokenizeFilter(text).some((token) => token.kind === 'name' && token.text === 'in')) {
      throw badQuery("Syntax error in $filter: the operator 'in' is not supported.");
    }
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badQuery(`Syntax error in $filter: ${error.message}.`);
    throw error;
  }
}

/** Inside a lambda, paths that begin with the variable read the inner row, all others the outer one. */
function passes(
  organisation: Organisation,
  expression: FilterExpression,
  table: Table,
  row: Row,
  variable: string | null,
  outer: PropertyReader | null,
): boolean {
  const read: PropertyReader = (path) => {
    if (variable !== null && path[0] === variable) return valueAt(organisation, table, row, path.slice(1));
    return outer ? outer(path) : valueAt(organisation, table, row, path);
  };
  return evaluateFilter(expression, {
    read,
    semantics: { ignoreCase: true, likeWildcards: true },
    lambda: (inner) => {
      const [navigation = ''] = inner.path;
      const other = collectionTable(organisation, table, navigation);
      if (!other) return false;
      const rows = relatedRows(organisation, table, row, navigation);
      const { body } = inner;
      if (!body) return rows.length > 0;
      const test = (child: Row) => passes(organisation, body, other, child, inner.variable, read);
      return inner.quantifier === 'any' ? rows.some(test) : rows.every(test);
    },
  });
}
