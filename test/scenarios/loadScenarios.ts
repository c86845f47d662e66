/** Finds and reads scenario files; a file that is not valid is refused with every problem it has. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Scenario, scenarioSchema } from './schema.ts';

export interface LoadedScenario {
  /** Path below the folder, with forward slashes. */
  readonly file: string;
  readonly scenario: Scenario;
}

/** All `.json` files of a folder, its subfolders included, in order of their paths; none when it does not exist. */
export function scenarioFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

/** Raises an Error that lists every problem of the file, each with its place. */
export function loadScenario(folder: string, file: string): Scenario {
  return parseScenario(file, readFileSync(join(folder, file), 'utf8'));
}

/** Parses the text of a file. Raises as {@link loadScenario}. */
export function parseScenario(file: string, text: string): Scenario {
  const parsed = scenarioSchema.safeParse(parsedJson(file, text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`,
  );
  throw new Error(`${file} is no valid scenario:\n${problems.join('\n')}`);
}

function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
