/** The port to job queue entries. */
import type { JobQueueEntry } from '../domain/jobs/jobQueueEntry.ts';

/** An entry with the version it was read at. */
export interface StoredJob {
  readonly entry: JobQueueEntry;
  readonly version: string;
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
}
