/** Reads the demo company from a folder of JSON files, one per entity set. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type EntitySet, findSet } from './schema/schema.ts';

/** A record as a file has it: property values by name. */
export type DemoRecord = Readonly<Record<string, string | number | boolean>>;

/** The records of the demo company by entity set. */
export type DemoBusinessCentralData = Readonly<Record<string, readonly DemoRecord[]>>;

const fileSchema = z.object({
  entitySet: z.string(),
  route: z.string(),
  value: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
});

/** Reads every JSON file of the folder. Raises one Error with a line `file: what is wrong` per problem. */
export function loadDemoBusinessCentralData(folder: string): DemoBusinessCentralData {
  const problems: string[] = [];
  const data: Record<string, readonly DemoRecord[]> = {};
  for (const file of filesIn(folder)) {
    const records = readFile(folder, file, problems);
    if (records) data[file.slice(0, -5)] = records;
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return data;
}

function filesIn(folder: string): readonly string[] {
  let files: string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    throw new Error(`The demo data folder ${folder} cannot be read.`);
  }
  if (files.length === 0) throw new Error(`The demo data folder ${folder} has no JSON files.`);
  return files.sort();
}

function readFile(folder: string, file: string, problems: string[]): readonly DemoRecord[] | null {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    problems.push(`${file}: is not JSON (${error instanceof Error ? error.message : 'cannot be read'})`);
    return null;
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map((issue) => `${file}: ${issue.path.join('.')}: ${issue.message}`),
    );
    return null;
  }
  const set = findSet(parsed.data.entitySet);
  if (!set || `${set.entitySet}.json` !== file) {
    problems.push(`${file}: entitySet "${parsed.data.entitySet}" is not the set of that file name`);
    return null;
  }
  for (const [index, record] of parsed.data.value.entries()) checkRecord(file, set, index, record, problems);
  return parsed.data.value;
}

function checkRecord(
  file: string,
  set: EntitySet,
  index: number,
  record: DemoRecord,
  problems: string[],
): void {
  for (const name of Object.keys(record)) {
    if (!set.property.has(name)) problems.push(`${file}: value[${index}] has an unknown property "${name}"`);
  }
  if (set.property.has('id') && !record['id']) problems.push(`${file}: value[${index}] has no id`);
}
