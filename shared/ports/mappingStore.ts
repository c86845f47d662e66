/** The port to the run state of table mappings (watermarks, lease, remembered filters), and to what users define about them. */
import type { MappingName } from '../domain/common/ids.ts';
import type { Instant } from '../domain/common/instants.ts';
import type { RunCursor } from '../domain/jobs/runCursor.ts';

/** Who runs the mapping at present (DESIGN, The run of a mapping, step 1). */
export interface Lease {
  readonly owner: string;
  readonly expiresAt: Instant;
  /** Grows with every taking of the lease; a writer with an older number has lost it. */
  readonly fencing: number;
}

export interface MappingState {
  readonly mapping: MappingName;
  /** Newest modification time processed on the Business Central side; null = read everything (E-2, E-49). */
  readonly businessCentralWatermark: Instant | null;
  /** No Business Central record stamped up to here can still become visible (see shared/domain/sync/watermark.ts). */
  readonly businessCentralSettledUntil: Instant | null;
  /** When the read that gave the Business Central watermark began, on our own clock. */
  readonly businessCentralReadAt: Instant | null;
  /** Opaque position of the Dataverse reader; null = read everything. */
  readonly dataversePosition: string | null;
  /** Instant the Dataverse position was taken, for display. */
  readonly dataversePositionAt: Instant | null;
  /** About how many couplings the mapping has; a hint for look-up or scan. */
  readonly coupledCount: number;
  /** Where a run goes on whose time slice was used up; null between runs. */
  readonly cursor: RunCursor | null;
  /** Digest of the filters and fields the positions were read with; null before the first run. */
  readonly definition: string | null;
  /**
   * The last run did not end well, or left creates in Business Central whose outcome is not known: intents are looked up
   * before others are made, and stray errors closed.
   */
  readonly mayHaveLeftovers: boolean;
  /** Records may be waiting to be tried again; false saves the next run from asking. */
  readonly mayHaveRetries: boolean;
  readonly lease: Lease | null;
}

export interface StoredMappingState {
  readonly state: MappingState;
  /** Null when the mapping has no row yet. */
  readonly version: string | null;
}

/** `userDefined`: a mapping of a user's own; `overrides`: what was changed about a mapping of any origin. */
export const definitionKinds = ['userDefined', 'overrides'] as const;
export type DefinitionKind = (typeof definitionKinds)[number];

/** A stored definition; what is in it is checked by whoever reads it. */
export interface StoredDefinition {
  readonly kind: DefinitionKind;
  readonly mapping: MappingName;
  readonly definition: unknown;
  readonly version: string;
}

/** Keeps what users define about mappings; at most {@link mostDefinitionUnits} characters of JSON each. */
export interface MappingDefinitionStore {
  /** All of them, in one request (one more per thousand). */
  listDefinitions(): Promise<readonly StoredDefinition[]>;
  /** Writes one if its version is unchanged (null: if there is none); returns the new version, or null when another writer was first. */
  saveDefinition(
    definition: Omit<StoredDefinition, 'version'>,
    version: string | null,
  ): Promise<string | null>;
  /** Removes one; one that is gone is passed over. Safe to repeat. */
  removeDefinition(kind: DefinitionKind, mapping: MappingName): Promise<void>;
}

/** The longest definition that fits into a row of the store, in characters of its JSON text. */
export const mostDefinitionUnits = 450_000;

export interface MappingStore extends MappingDefinitionStore {
  /** The stored state, or an empty one with version null. */
  get(mapping: MappingName): Promise<StoredMappingState>;
  /** Writes the state if its version is unchanged; returns the new version, or null when another writer was first. */
  replace(state: MappingState, version: string | null): Promise<string | null>;
  /** Removes the state of a mapping that is no more. Safe to repeat. */
  removeState(mapping: MappingName): Promise<void>;
  /** A random key made at first use and kept, 32 bytes as hexadecimal text; digests are made with it. */
  digestKey(): Promise<string>;
}
