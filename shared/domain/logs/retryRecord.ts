/** The retry list: records that failed before they were coupled, which the original forgets (E-52, E-159). */
import type { Side } from '../common/directions.ts';
import type { FailureKind } from '../common/failures.ts';
import type { BusinessCentralId, DataverseId, MappingName, SyncErrorId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';

export interface RetryRecord {
  readonly mapping: MappingName;
  /** The side the record is on. */
  readonly side: Side;
  readonly id: BusinessCentralId | DataverseId;
  readonly name: string;
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  /** Code and stable parameters; two equal ones in a row make the record skipped (E-57, E-166). */
  readonly fingerprint: string;
  /** Waits for a user, or for a change of the record. */
  readonly skipped: boolean;
  /** Modification time of the record when it failed; a later one makes it worth another try. */
  readonly modifiedAt: Instant;
  readonly attempts: number;
  readonly firstFailedAt: Instant;
  readonly lastFailedAt: Instant;
  readonly errorId: SyncErrorId;
}
