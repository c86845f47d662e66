/** Time-ordered GUIDs (version 7). */
import { v7 } from 'uuid';
import { auditId, runId, syncErrorId, syncJobId } from '../../domain/common/ids.ts';
import { type Instant, toEpochMs } from '../../domain/common/instants.ts';
import type { Ids } from '../../ports/system.ts';

/** Ids whose time is the instant given; those made in the same millisecond ascend in the order they were made. */
export function createIds(): Ids {
  let last = { msecs: Number.NaN, seq: 0 };
  const next = (at: Instant): string => {
    const msecs = toEpochMs(at);
    last = { msecs, seq: msecs === last.msecs ? last.seq + 1 : 0 };
    return v7(last);
  };
  return {
    runId: (at) => runId(next(at)),
    syncJobId: (at) => syncJobId(next(at)),
    syncErrorId: (at) => syncErrorId(next(at)),
    auditId: (at) => auditId(next(at)),
  };
}
