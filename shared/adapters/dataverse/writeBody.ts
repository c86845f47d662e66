/** The JSON body of a write: plain values under their column, references as binds (dataverse-web-api section 8). */
import {
  type DataverseWriteValue,
  isLookupReference,
  type LookupReference,
} from '../../domain/common/records.ts';
import type { DataverseAttribute, DataverseTableMetadata } from '../../ports/dataverse.ts';
import type { ServiceProblem } from '../../ports/writeOutcome.ts';
import type { DataverseContext } from './context.ts';
import { isLookupType } from './literals.ts';
import { table } from './tableMetadata.ts';

type WriteValues = Readonly<Record<string, DataverseWriteValue>>;

/** A body ready to send, or why the record cannot be sent. */
export type PreparedBody =
  | { readonly status: 'ready'; readonly body: string }
  | { readonly status: 'refused'; readonly problem: ServiceProblem };

/** What bodies are made with. */
export interface BodyRules {
  readonly table: DataverseTableMetadata;
  /** On create there is nothing to clear, and a null owner would even be refused. */
  readonly skipEmptyLookups: boolean;
  /** Entity set by logical name, of every table references point at. */
  readonly entitySets: ReadonlyMap<string, string>;
}

type Property = readonly [name: string, value: string | number | boolean | null];

/** Entity sets of the tables these values refer to and the table allows. Raises what metadata raises. */
export async function entitySetsOf(
  context: DataverseContext,
  target: DataverseTableMetadata,
  writes: readonly { readonly values: WriteValues }[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Set<string>();
  for (const { values } of writes) {
    for (const [column, value] of Object.entries(values)) {
      const allowed = target.attributes[column]?.navigation ?? {};
      if (isLookupReference(value) && allowed[value.table] !== undefined) names.add(value.table);
    }
  }
  const found = await Promise.all([...names].map((name) => table(context, name)));
  return new Map(found.map((entry) => [entry.logicalName, entry.entitySet]));
}

/**
 * The body for these values. Columns the table lacks and references it does not allow refuse the record
 * without a request. The key is left out: it stands in the address (section 9). Pure.
 */
export function prepareBody(rules: BodyRules, values: WriteValues): PreparedBody {
  const properties: Property[] = [];
  for (const [column, value] of Object.entries(values)) {
    if (column === rules.table.idAttribute) continue;
    const attribute = rules.table.attributes[column];
    const property = attribute ? propertyOf(rules, attribute, value) : columnNotFound(rules, column);
    if (isProblem(property)) return { status: 'refused', problem: property };
    if (property !== null) properties.push(property);
  }
  return { status: 'ready', body: JSON.stringify(Object.fromEntries(properties)) };
}

function isProblem(result: Property | ServiceProblem | null): result is ServiceProblem {
  return result !== null && 'kind' in result;
}

function propertyOf(
  rules: BodyRules,
  attribute: DataverseAttribute,
  value: DataverseWriteValue,
): Property | ServiceProblem | null {
  const isLookup = isLookupType(attribute.type);
  if (isLookupReference(value)) {
    return isLookup ? bind(rules, attribute, value) : referenceUnfit(rules, attribute, 'takes no reference');
  }
  if (!isLookup) return [attribute.logicalName, value];
  if (value !== null) return referenceUnfit(rules, attribute, 'takes a reference only');
  return rules.skipEmptyLookups ? null : clear(rules, attribute);
}

function bind(
  rules: BodyRules,
  attribute: DataverseAttribute,
  reference: LookupReference,
): Property | ServiceProblem {
  const navigation = attribute.navigation[reference.table];
  const entitySet = rules.entitySets.get(reference.table);
  if (navigation === undefined || entitySet === undefined) {
    return referenceUnfit(rules, attribute, `cannot point at a row of "${reference.table}"`);
  }
  return [`${navigation}@odata.bind`, `/${entitySet}(${reference.id})`];
}

/** A polymorphic lookup is one column behind several navigation properties: clearing through one clears it. */
function clear(rules: BodyRules, attribute: DataverseAttribute): Property | ServiceProblem {
  const [navigation] = Object.values(attribute.navigation);
  if (navigation === undefined) return referenceUnfit(rules, attribute, 'cannot be written');
  return [`${navigation}@odata.bind`, null];
}

function columnNotFound(rules: BodyRules, column: string): ServiceProblem {
  const message = `Table "${rules.table.logicalName}" has no column "${column}" in Dataverse.`;
  return { kind: 'config', serviceCode: 'column-not-found', message, status: 0 };
}

function referenceUnfit(rules: BodyRules, attribute: DataverseAttribute, why: string): ServiceProblem {
  const message = `Column "${attribute.logicalName}" of table "${rules.table.logicalName}" ${why}.`;
  return { kind: 'config', serviceCode: 'reference-not-allowed', message, status: 0 };
}
