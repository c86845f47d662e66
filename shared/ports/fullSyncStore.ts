/** The port to the review of the full synchronisation. */
import type { Review } from '../domain/fullSync/review.ts';

/** The review with the version it was read at. */
export interface StoredReview {
  readonly review: Review;
  /** Null when none was ever written. */
  readonly version: string | null;
}

export interface FullSyncStore {
  /** The stored review, or an empty one with version null. */
  get(): Promise<StoredReview>;
  /** Writes the whole review if its version is unchanged; returns the new version, or null when another writer was first. */
  replace(review: Review, version: string | null): Promise<string | null>;
}
