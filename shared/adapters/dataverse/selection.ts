/** Which columns a read asks for, once the table's metadata is known. */
import type {
  DataverseAttribute,
  DataverseSelection,
  DataverseTableMetadata,
} from '../../ports/dataverse.ts';
import type { DataverseContext } from './context.ts';
import { isLookupType } from './literals.ts';
import { table } from './tableMetadata.ts';

/** A selection with everything needed to ask for its rows and to read them. */
export interface ResolvedSelection {
  readonly table: DataverseTableMetadata;
  /** The asked columns the table has. */
  readonly attributes: readonly DataverseAttribute[];
  /** Value of `$select`; the same columns give the same text, in whatever order they were asked for. */
  readonly select: string;
}

/** Name of a column in answers, filters and `$select` (section 8). */
export function wireName(attribute: DataverseAttribute): string {
  return isLookupType(attribute.type) ? `_${attribute.logicalName}_value` : attribute.logicalName;
}

/**
 * Resolves a selection against metadata. Columns the table lacks, such as those of a solution that is not
 * installed, are left out and warned about once; asking for one would make the service refuse the read.
 */
export async function resolveSelection(
  context: DataverseContext,
  selection: DataverseSelection,
): Promise<ResolvedSelection> {
  const metadata = await table(context, selection.table);
  const attributes: DataverseAttribute[] = [];
  for (const name of new Set(selection.attributes)) {
    const attribute = metadata.attributes[name];
    if (attribute) attributes.push(attribute);
    else warnOnce(context, selection.table, name);
  }
  const always = ['modifiedon', 'modifiedby'].flatMap((name) => metadata.attributes[name] ?? []);
  const columns = [metadata.idAttribute, ...[...always, ...attributes].map(wireName)];
  return { table: metadata, attributes, select: [...new Set(columns)].sort().join(',') };
}

function warnOnce(context: DataverseContext, tableName: string, column: string): void {
  const key = `${tableName}.${column}`;
  if (context.warnedColumns.has(key)) return;
  context.warnedColumns.add(key);
  context.log('warning', 'column-not-found', { table: tableName, column });
}
