/** Creates a table mapping of a user's own. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { checkMapping, checkName } from '../../domain/mappings/checkMappings.ts';
import { allProperties } from '../../domain/mappings/checkNames.ts';
import { completeMapping } from '../../domain/mappings/completeMapping.ts';
import { type MappingFile, mappingFileSchema } from '../../domain/mappings/mappingSchema.ts';
import type { MappingEntry, MappingSet } from '../../domain/mappings/mappingSet.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { ensureJobs } from '../jobs/ensureJobs.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { checkSize, entryOf } from './changeMapping.ts';
import { formRefusals, InvalidMapping, refusalsOf } from './invalidMapping.ts';
import { askKnownNames, isUnknownName } from './knownNames.ts';
import type { MappingCatalog } from './mappingCatalog.ts';

/**
 * Checks, completes and stores the mapping, and gives it its job, due now: the first run follows the next tick. Raises
 * InvalidMapping, and SyncFailure `mapping-exists` when the name is taken. Not safe to repeat: the second call is told so.
 */
export async function createMapping(
  ports: SyncPorts,
  catalog: MappingCatalog,
  given: unknown,
): Promise<MappingEntry> {
  const parsed = mappingFileSchema.safeParse(given);
  if (!parsed.success) throw new InvalidMapping(formRefusals(parsed.error));
  const set = await catalog.refreshed();
  const name = mappingName(parsed.data.name);
  if (isTaken(set, parsed.data)) throw exists(name);
  const mapping = await checked(ports, set, parsed.data);
  // Overrides of an earlier mapping of the name, left by a removal that was cut off, are not this one's.
  await ports.mappings.removeDefinition('overrides', name);
  const definition = { kind: 'userDefined', mapping: name, definition: mapping } as const;
  if ((await ports.mappings.saveDefinition(definition, null)) === null) throw exists(name);
  await ensureJobs(ports, [mapping]);
  ports.log('information', 'mapping-created', { mapping: name });
  return entryOf(await catalog.refreshed(), name);
}

function isTaken(set: MappingSet, { name }: MappingFile): boolean {
  return checkName({ name: mappingName(name) }, set.mappings).length > 0;
}

function exists(name: string): SyncFailure {
  const message = `There is a table mapping or job "${name}" already.`;
  return new SyncFailure({ kind: 'conflict', code: 'mapping-exists', message });
}

async function checked(ports: SyncPorts, set: MappingSet, file: MappingFile): Promise<TableMapping> {
  const facts = await tableFacts(ports, file);
  const mapping = completeMapping(file, facts);
  checkSize(mapping);
  const known = await askKnownNames(ports, mapping, allProperties(mapping));
  const problems = checkMapping(mapping, { others: set.mappings, known });
  if (problems.length > 0) throw new InvalidMapping(refusalsOf(problems));
  return mapping;
}

async function tableFacts({ dataverse }: SyncPorts, { dataverse: { table } }: MappingFile) {
  try {
    return await dataverse.table(table);
  } catch (error) {
    if (!(error instanceof SyncFailure) || !isUnknownName(error)) throw error;
    const message = `names no table of Dataverse: "${table}"`;
    throw new InvalidMapping([{ code: error.code, message, target: 'dataverse.table' }]);
  }
}
