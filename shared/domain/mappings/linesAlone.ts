/** Lines are synchronised with the records they belong to, never by themselves (D-121, E-156). */
import { SyncFailure } from '../common/failures.ts';
import type { MappingName } from '../common/ids.ts';
import type { TableMapping } from './model.ts';

/** The mappings that are run by themselves. */
export function withoutLines(mappings: readonly TableMapping[]): readonly TableMapping[] {
  return mappings.filter(({ linesOf }) => linesOf === undefined);
}

/** Raises SyncFailure `only-lines-not-allowed` for a mapping of lines. */
export function refuseLinesAlone({ name, linesOf }: TableMapping): void {
  if (linesOf !== undefined) throw linesAlone(name, linesOf);
}

function linesAlone(name: MappingName, header: MappingName): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'only-lines-not-allowed',
    message: `Lines cannot be synchronised alone: ${name} runs with ${header}.`,
    suggestion: `Synchronise the record of ${header} that the lines belong to.`,
  });
}
