/** All table mappings together: the defaults, those of files, those users defined, each with what was changed about it. */

import type { TableMapping } from './model.ts';
import { effectiveMapping, type MappingOverrides } from './overrides.ts';

/** Where a mapping comes from. */
export const mappingOrigins = ['default', 'file', 'userDefined'] as const;
export type MappingOrigin = (typeof mappingOrigins)[number];

/** One mapping of the set. */
export interface MappingEntry {
  readonly origin: MappingOrigin;
  /** As it was before anything was changed about it. */
  readonly base: TableMapping;
  readonly overrides: MappingOverrides;
  /** Version of the stored overrides; null when there are none. */
  readonly version: string | null;
  /** As it is in force. */
  readonly mapping: TableMapping;
}

/** Something wrong with a mapping file or a stored definition, which therefore is not in force. */
export interface DefinitionProblem {
  /** Name of the file; null for what is stored. */
  readonly file: string | null;
  readonly mapping: string | null;
  readonly code: string;
  /** Reads on from the path. */
  readonly message: string;
  readonly path: string;
}

/** The mappings in force, in run order, and what is not in force and why. */
export interface MappingSet {
  readonly entries: readonly MappingEntry[];
  readonly mappings: readonly TableMapping[];
  readonly problems: readonly DefinitionProblem[];
  /** Mappings that do not run because what was changed about them cannot be read; a reset puts them back. */
  readonly held: readonly TableMapping[];
}

/** Overrides with the version they were read at. */
export interface VersionedOverrides {
  readonly overrides: MappingOverrides;
  readonly version: string;
}

/** What a set is made of. */
export interface MappingSources {
  readonly bases: readonly { readonly origin: MappingOrigin; readonly base: TableMapping }[];
  /** What was changed, by mapping; `unreadable` where it cannot be told. */
  readonly overrides: ReadonlyMap<string, VersionedOverrides | 'unreadable'>;
  readonly problems: readonly DefinitionProblem[];
}

/**
 * Puts mappings and overrides together. Overrides of mappings that are not there stay out; a mapping whose overrides cannot
 * be read is held back, for half of its settings would be a guess. Pure.
 */
export function mappingSet({ bases, overrides, problems }: MappingSources): MappingSet {
  const held: TableMapping[] = [];
  const entries = bases.flatMap(({ origin, base }): MappingEntry[] => {
    const own = overrides.get(base.name) ?? { overrides: {}, version: null };
    if (own !== 'unreadable') {
      return [{ origin, base, ...own, mapping: effectiveMapping(base, own.overrides) }];
    }
    held.push(base);
    return [];
  });
  const ordered = entries.toSorted((left, right) => left.mapping.order - right.mapping.order);
  return { entries: ordered, mappings: ordered.map(({ mapping }) => mapping), problems, held };
}
