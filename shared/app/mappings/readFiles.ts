/** Makes mappings of the files of MAPPINGS_DIR; a file with problems stays out, and all of them are told. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { checkMapping, checkName } from '../../domain/mappings/checkMappings.ts';
import { allProperties, type KnownNames, unknownProperties } from '../../domain/mappings/checkNames.ts';
import { completeMapping, needsMetadata } from '../../domain/mappings/completeMapping.ts';
import { type MappingFile, mappingFileSchema } from '../../domain/mappings/mappingSchema.ts';
import type { DefinitionProblem } from '../../domain/mappings/mappingSet.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { MappingFolder } from '../../ports/mappingFiles.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { formRefusals, type Refusal, refusalsOf } from './invalidMapping.ts';
import { askKnownNames } from './knownNames.ts';

/** The mappings of the files that are right, and what is wrong with the others. */
export interface FileMappings {
  readonly mappings: readonly TableMapping[];
  readonly problems: readonly DefinitionProblem[];
  /** False when a service did not answer, so that reading again may give more. */
  readonly complete: boolean;
}

/** A mapping of a file, in full, with what the services say about its names; null where they need not be asked. */
interface Candidate {
  readonly file: string;
  readonly mapping: TableMapping;
  readonly known: KnownNames | null;
}

/** Reads, completes and checks all files against the mappings there are without them. Raises nothing for a bad file. */
export async function fileMappings(
  ports: SyncPorts,
  { files, unreadable }: MappingFolder,
  others: readonly TableMapping[],
): Promise<FileMappings> {
  const problems: DefinitionProblem[] = unreadable.map(({ file, message }) =>
    problemOf(file, null, { code: 'file-unreadable', message, target: file }),
  );
  let complete = true;
  const candidates: Candidate[] = [];
  for (const { file, text } of files) {
    const read = parseMapping(text);
    if ('refusals' in read) {
      problems.push(...read.refusals.map((refusal) => problemOf(file, null, refusal)));
      continue;
    }
    const prepared = await prepare(ports, file, read.content);
    if ('mapping' in prepared) {
      candidates.push(prepared);
      complete &&= prepared.isChecked;
    } else {
      problems.push(problemOf(file, read.content.name, prepared.refusal));
      complete &&= !prepared.mayPass;
    }
  }
  const standing = withoutFaults(candidates, others, problems);
  const byFile = problems.toSorted((left, right) => (left.file ?? '').localeCompare(right.file ?? ''));
  return { mappings: standing.map(({ mapping }) => mapping), problems: byFile, complete };
}

/** Checks the form of a file's text. */
function parseMapping(
  text: string,
): { readonly content: MappingFile } | { readonly refusals: readonly Refusal[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : '';
    return { refusals: [{ code: 'invalid-json', message: `is no JSON${reason}`, target: 'body' }] };
  }
  const parsed = mappingFileSchema.safeParse(value);
  return parsed.success ? { content: parsed.data } : { refusals: formRefusals(parsed.error) };
}

type Prepared =
  | (Candidate & { readonly isChecked: boolean })
  | { readonly refusal: Refusal; readonly mayPass: boolean };

async function prepare(ports: SyncPorts, file: string, content: MappingFile): Promise<Prepared> {
  try {
    const facts = needsMetadata(content) ? await ports.dataverse.table(content.dataverse.table) : null;
    const mapping = completeMapping(content, facts);
    const known = await knownNames(ports, mapping);
    return { file, mapping, known, isChecked: known !== null };
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    const isMissing = error.code === 'table-not-found';
    const message = isMissing
      ? `names no table of Dataverse: "${content.dataverse.table}"`
      : `cannot be looked up: ${error.message}`;
    const refusal = { code: error.code, message, target: 'dataverse.table' };
    return { refusal, mayPass: error.kind !== 'config' };
  }
}

/**
 * What the services say about the names; null where a service does not answer now: the mapping takes part unchecked until
 * it does, unless a template needs a name that only the service knows. Raises SyncFailure `table-not-found`.
 */
async function knownNames(ports: SyncPorts, mapping: TableMapping): Promise<KnownNames | null> {
  try {
    return await askKnownNames(ports, mapping, allProperties(mapping));
  } catch (error) {
    const mayWait = unknownProperties(mapping).length === 0;
    const isAway = error instanceof SyncFailure && error.kind !== 'bug' && error.code !== 'table-not-found';
    if (mayWait && isAway) return null;
    throw error;
  }
}

/** Leaves out files with faults, then those that needed them, until all that are left stand. */
function withoutFaults(
  candidates: readonly Candidate[],
  others: readonly TableMapping[],
  problems: DefinitionProblem[],
): readonly Candidate[] {
  const faultsOf = ({ mapping, known }: Candidate, index: number) => {
    const before = candidates.slice(0, index).map((candidate) => candidate.mapping);
    const all = [...others, ...candidates.map((candidate) => candidate.mapping)];
    return [...checkName(mapping, [...others, ...before]), ...checkMapping(mapping, { others: all, known })];
  };
  const faults = candidates.map((candidate, index) => refusalsOf(faultsOf(candidate, index)));
  const standing = candidates.filter((_, index) => faults[index]?.length === 0);
  if (standing.length === candidates.length) return standing;
  for (const [index, { file, mapping }] of candidates.entries()) {
    problems.push(...(faults[index] ?? []).map((refusal) => problemOf(file, mapping.name, refusal)));
  }
  return withoutFaults(standing, others, problems);
}

function problemOf(
  file: string,
  mapping: string | null,
  { code, message, target }: Refusal,
): DefinitionProblem {
  return { file, mapping, code, message, path: target };
}
