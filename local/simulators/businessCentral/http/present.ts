/** Turns rows into JSON records: selected properties, etag, expanded navigation (section 3.5). */
import type { FilterExpression } from '../../../../shared/domain/odata/filterExpression.ts';
import type { Environment } from '../environment.ts';
import { type ExpandItem, findNavigation } from '../query/expandOption.ts';
import { type PageSource, rowsSource, tableSource } from '../query/pageSource.ts';
import { passes } from '../query/runQuery.ts';
import type { Navigation } from '../schema/relations.ts';
import { codeTwin } from '../schema/relations.ts';
import { requireSet } from '../schema/schema.ts';
import { etagOf, type Row } from '../store/row.ts';
import { virtualRows, virtualSets } from './virtualSets.ts';

/** How records are shown. */
export interface Presentation {
  readonly select: readonly string[] | null;
  readonly expand: readonly ExpandItem[];
}

export const everything: Presentation = { select: null, expand: [] };

/** One record as JSON, without its context. */
export function presentRow(
  environment: Environment,
  source: PageSource,
  row: Row,
  presentation: Presentation,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  if (row.stamps.rowVersion > 0) record['@odata.etag'] = etagOf(row);
  for (const property of source.set.properties) {
    if (presentation.select && !presentation.select.includes(property.name)) continue;
    record[property.name] = property.filterOnly ? null : source.read(row, property.name);
  }
  for (const item of presentation.expand) record[item.name] = expanded(environment, source, row, item);
  return record;
}

function expanded(environment: Environment, source: PageSource, row: Row, item: ExpandItem): unknown {
  const target = followNavigation(environment, source, row, item.navigation);
  const rows = target.rows.filter((each) => passes(target, item.filter, each));
  const records = rows.map((each) =>
    presentRow(environment, target, each, { select: item.select, expand: [] }),
  );
  return item.single ? (records[0] ?? null) : records;
}

/** The records a navigation leads to from a row. */
export function followNavigation(
  environment: Environment,
  source: PageSource,
  row: Row,
  navigation: Navigation,
): PageSource {
  const { company } = source;
  const set = requireSet(navigation.set);
  const nowMs = environment.database.clock.now();
  const value = source.read(row, navigation.ours);
  if (virtualSets.includes(set.entitySet)) {
    const rows = virtualRows(environment, company, set.entitySet, relationFilter(source.set, String(value)));
    return rowsSource(set, company, rows, nowMs);
  }
  const table = company.table(set.table);
  if (navigation.theirs === 'id') {
    const found = table.get(String(value));
    return rowsSource(set, company, found ? [found] : [], nowMs);
  }
  const property = set.property.get(navigation.theirs);
  const twin = property ? codeTwin(set.table, property.column) : undefined;
  const key = twin ? (row.values['No.'] ?? '') : value;
  return rowsSource(set, company, table.findAll(twin ?? property?.column ?? '', key), nowMs);
}

/** `relatedId eq {id} and relatedType eq '{the table of the set}'`. */
function relationFilter({ table }: PageSource['set'], id: string): FilterExpression {
  const equal = (name: string, value: string): FilterExpression => ({
    kind: 'comparison',
    operator: 'eq',
    left: { kind: 'property', path: [name] },
    right: { kind: 'literal', type: 'string', value },
  });
  return { kind: 'and', left: equal('relatedId', id), right: equal('relatedType', table) };
}

/** Reads through a navigation by name; null when it is not served. */
export function navigate(
  environment: Environment,
  source: PageSource,
  row: Row,
  name: string,
): { readonly target: PageSource; readonly single: boolean } | null {
  const found = findNavigation(source.set, name);
  if (!found) return null;
  return { target: followNavigation(environment, source, row, found.navigation), single: found.single };
}

/** The source of a set that a request names directly. */
export function sourceOf(
  environment: Environment,
  company: PageSource['company'],
  setName: string,
  filter: FilterExpression | null,
): PageSource {
  const set = requireSet(setName);
  const nowMs = environment.database.clock.now();
  if (!virtualSets.includes(setName)) return tableSource(set, company, nowMs);
  return rowsSource(set, company, virtualRows(environment, company, setName, filter), nowMs);
}
