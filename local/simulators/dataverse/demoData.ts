/** Rows to start from: a folder of JSON files, one per entity set, and how they get into the store. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadSchema } from './schema/loadSchema.ts';
import type { Schema, Table } from './schema/schema.ts';
import { type Row, versionOf } from './store/row.ts';
import type { Store } from './store/store.ts';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const tableFileSchema = z.object({
  entitySet: z.string(),
  logicalName: z.string(),
  value: z.array(z.record(z.string(), cell)),
});

const membershipFileSchema = z.object({
  relationship: z.literal('teammembership_association'),
  value: z.array(z.object({ teamid: z.guid(), systemuserid: z.guid() })),
});

/** The content of a demo data folder, checked. */
export interface DemoDataverseData {
  readonly tables: readonly { readonly logicalName: string; readonly rows: readonly Row[] }[];
  readonly memberships: readonly { readonly teamid: string; readonly systemuserid: string }[];
}

/** Reads every `*.json` of the folder. Raises an Error with one line per problem: file name and what is wrong. */
export function loadDemoDataverseData(folder: string): DemoDataverseData {
  const schema = loadSchema();
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const problems: string[] = [];
  const tables: { logicalName: string; rows: readonly Row[] }[] = [];
  const memberships: { teamid: string; systemuserid: string }[] = [];
  for (const file of files.sort()) {
    const content = readJson(join(folder, file), file, problems);
    if (content === undefined) continue;
    const membership = membershipFileSchema.safeParse(content);
    if (membership.success) memberships.push(...membership.data.value);
    else readTable(schema, file, content, tables, problems);
  }
  if (!tables.some((table) => table.logicalName === 'organization' && table.rows.length === 1)) {
    problems.push('organizations.json: exactly one organization row is needed');
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { tables, memberships };
}

function readJson(path: string, file: string, problems: string[]): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    problems.push(`${file}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
    return undefined;
  }
}

function readTable(
  schema: Schema,
  file: string,
  content: unknown,
  tables: { logicalName: string; rows: readonly Row[] }[],
  problems: string[],
): void {
  const parsed = tableFileSchema.safeParse(content);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      problems.push(`${file}: ${issue.path.join('.')}: ${issue.message}`);
    return;
  }
  const table = schema.bySet.get(parsed.data.entitySet);
  if (!table || table.logicalName !== parsed.data.logicalName) {
    problems.push(
      `${file}: there is no table '${parsed.data.logicalName}' with the set '${parsed.data.entitySet}'`,
    );
    return;
  }
  for (const [index, row] of parsed.data.value.entries()) checkRow(table, file, index, row, problems);
  tables.push({ logicalName: table.logicalName, rows: parsed.data.value });
}

function checkRow(table: Table, file: string, index: number, row: Row, problems: string[]): void {
  const at = `${file}: row ${index + 1}`;
  if (typeof row[table.primaryId] !== 'string') problems.push(`${at}: '${table.primaryId}' is missing`);
  if (typeof row['versionnumber'] !== 'number') problems.push(`${at}: 'versionnumber' is missing`);
  for (const property of Object.keys(row)) {
    if (!property.includes('@') && !table.byProperty.has(property)) {
      problems.push(`${at}: '${table.logicalName}' has no property '${property}'`);
    }
  }
}

/** Puts the rows into an empty store as they are; the version counter continues above the highest. */
export function fillStore(store: Store, data: DemoDataverseData): void {
  for (const { logicalName, rows } of data.tables) {
    const table = store.tableOf(logicalName);
    for (const row of rows) {
      store.put(table, compact(row));
      store.version = versionOf(row);
    }
  }
  for (const { teamid, systemuserid } of data.memberships) store.setMember(teamid, systemuserid, true);
}

/** Absent means null in the store. */
function compact(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
