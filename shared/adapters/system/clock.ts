/** The clock of the machine. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { fromEpochMs } from '../../domain/common/instants.ts';
import type { Clock } from '../../ports/system.ts';

/**
 * Tells the machine's time plus `LOCAL_CLOCK_OFFSET_MS` (milliseconds), which only the local host sets; it is read
 * anew each time, since that clock can be moved. Raises SyncFailure `clock-offset-invalid` (config) on `now`.
 */
export function createSystemClock(environment: Readonly<NodeJS.ProcessEnv> = process.env): Clock {
  return {
    now() {
      const offsetMs = Number(environment['LOCAL_CLOCK_OFFSET_MS'] ?? 0);
      if (!Number.isFinite(offsetMs)) throw invalidOffset();
      return fromEpochMs(Date.now() + offsetMs);
    },
  };
}

function invalidOffset(): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'clock-offset-invalid',
    message: 'LOCAL_CLOCK_OFFSET_MS is not a number of milliseconds.',
    suggestion: 'Remove the setting; it is meant for local runs only.',
  });
}
