/** Changes a table mapping on behalf of a user: all of the change, or nothing and every reason why not. */
import type { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import { checkMapping } from '../../domain/mappings/checkMappings.ts';
import { type KnownNames, unknownProperties } from '../../domain/mappings/checkNames.ts';
import { introduced, type MappingProblem, type ProblemPath } from '../../domain/mappings/mappingProblem.ts';
import type { MappingEntry, MappingSet } from '../../domain/mappings/mappingSet.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import {
  changeSchemaFor,
  effectiveMapping,
  type MappingOverrides,
  mergedOverrides,
  wholeChange,
} from '../../domain/mappings/overrides.ts';
import { mostDefinitionUnits } from '../../ports/mappingStore.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { formRefusals, InvalidMapping, pathText, type Refusal, refusalsOf } from './invalidMapping.ts';
import { askKnownNames } from './knownNames.ts';
import type { MappingCatalog } from './mappingCatalog.ts';

const mostTries = 10;

/**
 * Applies a change to what is stored now, again when another writer was first, and returns the mapping as it is in force
 * afterwards. A run in progress goes on with what it read; the next one reads everything once more where filters or
 * fields changed. Raises InvalidMapping, SyncFailure `mapping-not-found` and `mapping-busy`. Safe to repeat.
 */
export async function changeMapping(
  ports: SyncPorts,
  catalog: MappingCatalog,
  name: MappingName,
  given: unknown,
): Promise<MappingEntry> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const set = await catalog.refreshed();
    const entry = entryOf(set, name);
    const { change, refusals } = parseChange(entry.base, given);
    const overrides = mergedOverrides(entry.overrides, wholeChange(entry.base, change));
    const all = [...refusals, ...(await refusalsOfChange(ports, set, entry, { change, overrides, given }))];
    if (all.length > 0) throw new InvalidMapping(all);
    const definition = { kind: 'overrides', mapping: name, definition: overrides } as const;
    if ((await ports.mappings.saveDefinition(definition, entry.version)) === null) continue;
    ports.log('information', 'mapping-changed', { mapping: name, changed: Object.keys(change) });
    return entryOf(await catalog.refreshed(), name);
  }
  const message = `The table mapping ${name} is being changed by others; try again.`;
  throw new SyncFailure({ kind: 'transient', code: 'mapping-busy', message });
}

/** The entry of a name. Raises SyncFailure `mapping-not-found`. */
export function entryOf(set: MappingSet, name: MappingName): MappingEntry {
  const entry = set.entries.find(({ mapping }) => mapping.name === name);
  if (entry) return entry;
  const message = `There is no table mapping "${name}".`;
  throw new SyncFailure({ kind: 'config', code: 'mapping-not-found', message });
}

/** Raises InvalidMapping when a definition is too long for the store. */
export function checkSize(definition: unknown): void {
  const text = JSON.stringify(definition);
  // Characters beyond ASCII are stored as escapes of six.
  const units = text.length + 5 * (text.match(/[\u007f-\uffff]/g)?.length ?? 0);
  if (units <= mostDefinitionUnits) return;
  const message = `has ${units} characters of JSON; at most ${mostDefinitionUnits} can be stored`;
  throw new InvalidMapping([{ code: 'definition-too-large', message, target: 'body' }]);
}

/** The change, and what is wrong with its form; then the change is what is left of it, to find more that is wrong. */
function parseChange(base: TableMapping, given: unknown) {
  const schema = changeSchemaFor(base);
  const parsed = schema.safeParse(given);
  if (parsed.success) return { change: parsed.data, refusals: [] };
  const rest = schema.safeParse(withoutFaults(given, parsed.error.issues));
  return { change: rest.success ? rest.data : {}, refusals: formRefusals(parsed.error) };
}

/** Without properties and fields that are faulty. Templates go, too: a refused change is not worth asking the services. */
function withoutFaults(given: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const { templates: _templates, ...rest } = { ...(given as Readonly<Record<string, unknown>>) };
  const faultyFields = new Set<unknown>();
  for (const issue of issues) {
    const [first, second] = issue.path;
    if (first === 'fields' && second !== undefined) faultyFields.add(second);
    else if (first !== undefined) delete rest[String(first)];
    else if (issue.code === 'unrecognized_keys') for (const key of issue.keys) delete rest[key];
  }
  const { fields } = rest;
  if (!Array.isArray(fields)) return rest;
  return { ...rest, fields: fields.filter((_field, index) => !faultyFields.has(index)) };
}

interface Changed {
  readonly change: MappingOverrides;
  readonly overrides: MappingOverrides;
  readonly given: unknown;
}

async function refusalsOfChange(
  ports: SyncPorts,
  set: MappingSet,
  entry: MappingEntry,
  { change, overrides, given }: Changed,
): Promise<readonly Refusal[]> {
  checkSize(overrides);
  const after = effectiveMapping(entry.base, overrides);
  const known = await namesFor(ports, after, change);
  const around = { others: set.mappings, known };
  const problems = introduced(checkMapping(entry.mapping, around), checkMapping(after, around)).filter(
    (problem) => isAnswerable(problem, after, change),
  );
  return refusalsOf(problems, (path) => targetInChange(path, after, given));
}

/** A filter may be changed while a service does not answer, since its names are only ever read; a template may not. */
async function namesFor(
  ports: SyncPorts,
  after: TableMapping,
  { templates = [], businessCentralFilter, dataverseFilter }: MappingOverrides,
): Promise<KnownNames | null> {
  if (templates.length === 0 && !businessCentralFilter && !dataverseFilter) return null;
  try {
    return await askKnownNames(ports, after, unknownProperties(after));
  } catch (error) {
    if (templates.length > 0 || !(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    return null;
  }
}

/** A one-way field that a new direction of the mapping leaves out does not travel, and that is no fault of the change. */
function isAnswerable(
  { code, path }: MappingProblem,
  after: TableMapping,
  change: MappingOverrides,
): boolean {
  if (code !== 'wrong-direction') return true;
  const id = after.fields[Number(path[1])]?.id;
  return change.fields?.some((field) => field.id === id && field.direction !== undefined) ?? false;
}

/** Where in what was given a problem of the mapping is; fields are told by id where the change does not name them. */
function targetInChange(path: ProblemPath, after: TableMapping, given: unknown): string {
  const [first, second, ...rest] = path;
  if (first === 'businessCentral' || first === 'dataverse') return `${first}Filter`;
  if (first !== 'fields') return pathText(path);
  const id = after.fields[Number(second)]?.id ?? '';
  const index = givenFields(given).findIndex((field) => field?.id === id);
  return pathText(['fields', index < 0 ? id : index, ...rest]);
}

function givenFields(given: unknown): readonly ({ readonly id?: unknown } | null)[] {
  const { fields } = given as { readonly fields?: readonly ({ readonly id?: unknown } | null)[] };
  return Array.isArray(fields) ? fields : [];
}
