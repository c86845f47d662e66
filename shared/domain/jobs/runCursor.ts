/** Where a run that used up its time slice goes on, in its next invocation, on any instance. */
import type { PassDirection } from '../common/directions.ts';
import type { RunId, SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { Watermark } from '../sync/watermark.ts';

/** The next page of one side, with what the pages before it told. Positions are opaque texts of the adapters. */
export type PagePosition =
  | {
      readonly side: 'businessCentral';
      readonly modifiedFrom: Instant | null;
      readonly startedAt: Instant;
      readonly newest: Instant | null;
      readonly page: string;
    }
  | { readonly side: 'dataverse'; readonly page: string };

/** A run in the middle of a pass. */
export interface RunCursor {
  readonly runId: RunId;
  readonly pass: PassDirection;
  readonly position: PagePosition;
  /** Rows of the log the run has written, that of the present pass last. */
  readonly syncJobIds: readonly SyncJobId[];
  /** Positions the finished passes ended at. */
  readonly businessCentral: Watermark;
  readonly dataverse: string | null;
  readonly tokenExpired: boolean;
  /** Digest of filters and fields the run began with; pages read by others cannot be gone on with. */
  readonly definition: string;
  /** Couplings made less couplings removed so far. */
  readonly coupled: number;
  /** Coupled records found without a side so far; the mass-change guard counts them all. */
  readonly lost: number;
  /** Records of the retry list this pass has handled; they are not handled again when met among the changes. */
  readonly handled: readonly string[];
}
