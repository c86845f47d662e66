/** The table mappings in force now: defaults, files and what is stored, read together and kept for a few seconds. */
import { type Instant, toEpochMs } from '../../domain/common/instants.ts';
import { defaultMappings, defaultsAskCompany, isDefaultName } from '../../domain/mappings/catalog.ts';
import { completeMapping } from '../../domain/mappings/completeMapping.ts';
import { mappingFileSchema } from '../../domain/mappings/mappingSchema.ts';
import {
  type DefinitionProblem,
  type MappingSet,
  mappingSet,
  type VersionedOverrides,
} from '../../domain/mappings/mappingSet.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { overridesSchema } from '../../domain/mappings/overrides.ts';
import type { MappingVariants } from '../../domain/mappings/variants.ts';
import type { MappingFiles, MappingFolder } from '../../ports/mappingFiles.ts';
import type { StoredDefinition } from '../../ports/mappingStore.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { readCompanyVariants } from './companyVariants.ts';
import { type FileMappings, fileMappings } from './readFiles.ts';

/** A change made by another process is seen after this time. */
const keptMs = 5_000;

/** Files that a service could not be asked about are looked at again after this time, lest every caller waits for it. */
const askAgainMs = 60_000;

/** Gives the mappings in force. */
export interface MappingCatalog {
  /** The present set; at most one request, and none within five seconds of the last. Raises SyncFailure. */
  current(): Promise<MappingSet>;
  /** The set as it is stored this very moment; later calls of `current` start from it. Raises SyncFailure. */
  refreshed(): Promise<MappingSet>;
}

/** Settings that decide which default mappings exist. */
export type VariantSettings = Pick<MappingVariants, 'ownershipModel' | 'orderIntegration'>;

interface Kept {
  readonly set: MappingSet;
  readonly at: Instant;
}

/** Builds the catalog; reads nothing yet. Files are read once, and again only while a service did not answer. */
export function createMappingCatalog(
  ports: SyncPorts,
  files: MappingFiles,
  settings: VariantSettings,
): MappingCatalog {
  const variants = companyVariants(ports, settings);
  let folder: Promise<MappingFolder> | null = null;
  let ofFiles: FileMappings | null = null;
  let filesReadMs = 0;
  let reading: Promise<Kept> | null = null;
  let kept: Kept | null = null;
  let started = 0;
  let keptNumber = 0;
  const load = async (asksAgain: boolean): Promise<Kept> => {
    const at = ports.clock.now();
    const nowMs = toEpochMs(at);
    folder ??= files.read();
    const [stored, defaults, found] = await Promise.all([
      ports.mappings.listDefinitions(),
      variants(),
      folder,
    ]);
    const own = storedMappings(stored);
    if (!ofFiles?.complete && (asksAgain || ofFiles === null || nowMs >= filesReadMs + askAgainMs)) {
      const earlier = ofFiles?.problems ?? [];
      filesReadMs = nowMs;
      ofFiles = await fileMappings(ports, found, [...defaults, ...own.mappings]);
      logProblems(ports, ofFiles.problems, earlier);
    }
    const { overrides, problems } = storedOverrides(stored);
    const bases = [
      ...defaults.map((base) => ({ origin: 'default' as const, base })),
      ...ofFiles.mappings.map((base) => ({ origin: 'file' as const, base })),
      ...own.mappings.map((base) => ({ origin: 'userDefined' as const, base })),
    ];
    const all = [...ofFiles.problems, ...own.problems, ...problems];
    return { set: mappingSet({ bases, overrides, problems: all }), at };
  };
  const refresh = async (asksAgain: boolean) => {
    started += 1;
    const number = started;
    const mine = load(asksAgain);
    reading = mine;
    try {
      const read = await mine;
      // A slow reading that began earlier must not hide what a later one has seen.
      if (number > keptNumber) {
        kept = read;
        keptNumber = number;
      }
      return read.set;
    } finally {
      if (reading === mine) reading = null;
    }
  };
  return {
    refreshed: () => refresh(true),
    current: async () => {
      if (kept && toEpochMs(ports.clock.now()) - toEpochMs(kept.at) < keptMs) return kept.set;
      return reading ? (await reading).set : refresh(false);
    },
  };
}

function companyVariants(
  ports: SyncPorts,
  settings: VariantSettings,
): () => Promise<readonly TableMapping[]> {
  const read = defaultsAskCompany() ? readCompanyVariants(ports) : null;
  return async () => {
    const { ownershipModel, orderIntegration } = settings;
    return defaultMappings(ownershipModel, { orderIntegration, ...(read ? await read() : {}) });
  };
}

function storedMappings(stored: readonly StoredDefinition[]) {
  const mappings: TableMapping[] = [];
  const problems: DefinitionProblem[] = [];
  for (const { mapping, definition } of stored.filter(({ kind }) => kind === 'userDefined')) {
    const parsed = mappingFileSchema.safeParse(definition);
    if (isDefaultName(mapping)) problems.push(nameTaken(mapping));
    else if (parsed.success) mappings.push(completeMapping(parsed.data, null));
    else problems.push(unreadable(mapping, 'definition'));
  }
  return { mappings, problems };
}

function storedOverrides(stored: readonly StoredDefinition[]) {
  const overrides = new Map<string, VersionedOverrides | 'unreadable'>();
  const problems: DefinitionProblem[] = [];
  for (const { mapping, definition, version } of stored.filter(({ kind }) => kind === 'overrides')) {
    const parsed = overridesSchema.safeParse(definition);
    overrides.set(mapping, parsed.success ? { overrides: parsed.data, version } : 'unreadable');
    if (!parsed.success) problems.push(unreadable(mapping, 'overrides'));
  }
  return { overrides, problems };
}

/** A later version may bring a default mapping of a name that was free before. */
function nameTaken(mapping: string): DefinitionProblem {
  const message = `of ${mapping} is the name of a default mapping now; create it again under another name`;
  return { file: null, mapping, code: 'name-taken', message, path: 'name' };
}

function unreadable(mapping: string, path: string): DefinitionProblem {
  const message = `of ${mapping} cannot be read; reset the mapping, or start the version that stored it`;
  return { file: null, mapping, code: 'definition-unreadable', message, path };
}

function logProblems(
  ports: SyncPorts,
  problems: readonly DefinitionProblem[],
  earlier: readonly DefinitionProblem[],
): void {
  const known = new Set(earlier.map((problem) => JSON.stringify(problem)));
  for (const problem of problems) {
    if (!known.has(JSON.stringify(problem))) ports.log('warning', 'mapping-file-refused', { ...problem });
  }
}
