/** The switch above all jobs: while the integration is disabled, no run begins (E-10, A-1, A-90). */
import { SyncFailure } from '../common/failures.ts';
import type { Instant } from '../common/instants.ts';

export interface IntegrationState {
  readonly enabled: boolean;
  /** Null when it was never switched. */
  readonly changedAt: Instant | null;
  /** Who switched it; empty when access control does not tell. */
  readonly changedBy: string;
  /** Why it was disabled; empty when nobody said, and while it is enabled. */
  readonly reason: string;
}

/** How every deployment begins. */
export const neverSwitched: IntegrationState = { enabled: true, changedAt: null, changedBy: '', reason: '' };

/** What a request for a run is answered with while the integration is disabled. */
export function integrationDisabled({ reason }: IntegrationState): SyncFailure {
  const why = reason === '' ? '' : ` Reason: ${reason}`;
  return new SyncFailure({
    kind: 'config',
    code: 'integration-disabled',
    message: `The integration is disabled.${why}`,
    suggestion: 'Enable the connection (POST /api/connection/enable), then ask again.',
  });
}
