/** The port to job queue entries, to the leases of their categories, and to the switch above all of them. */
import type { Instant } from '../domain/common/instants.ts';
import type { IntegrationState } from '../domain/jobs/integrationState.ts';
import type { JobQueueEntry } from '../domain/jobs/jobQueueEntry.ts';

/** An entry with the version it was read at. */
export interface StoredJob {
  readonly entry: JobQueueEntry;
  readonly version: string;
}

/** Which run holds a category at present (J-44, J-120). */
export interface CategoryLease {
  readonly category: string;
  /** A run id; empty when nobody holds it. */
  readonly owner: string;
  readonly expiresAt: Instant;
}

export interface StoredCategory {
  readonly lease: CategoryLease;
  /** Null when nobody ever held it. */
  readonly version: string | null;
}

export interface StoredIntegration {
  readonly state: IntegrationState;
  /** Null when it was never switched. */
  readonly version: string | null;
}

export interface JobStore {
  /** Null when there is no such job. */
  get(name: string): Promise<StoredJob | null>;
  list(): Promise<readonly StoredJob[]>;
  /** Creates the entry unless it exists. Safe to repeat. */
  createIfMissing(entry: JobQueueEntry): Promise<void>;
  /** Replaces the entry if it still has this version; returns the new version, or null when another writer was first. */
  replace(entry: JobQueueEntry, version: string): Promise<string | null>;
  /** Removes an entry; one that is gone is passed over. Safe to repeat. */
  remove(name: string): Promise<void>;
  /** The lease of a category, free when nobody ever held it. */
  category(name: string): Promise<StoredCategory>;
  /** Writes a lease if its version is unchanged; returns the new version, or null when another writer was first. */
  replaceCategory(lease: CategoryLease, version: string | null): Promise<string | null>;
  /** Whether the integration is switched on; on when it was never switched. */
  integration(): Promise<StoredIntegration>;
  /** Writes the switch if its version is unchanged; returns the new version, or null when another writer was first. */
  replaceIntegration(state: IntegrationState, version: string | null): Promise<string | null>;
}
