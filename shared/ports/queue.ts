/** The port to the queue that carries job slices and wake-ups. */
import type { RunId } from '../domain/common/ids.ts';
import type { RunTrigger } from '../domain/logs/syncJob.ts';

/** A request to run a job; carries identities only, the run reads the world anew. */
export interface RunMessage {
  readonly job: string;
  readonly runId: RunId;
  readonly trigger: RunTrigger;
}

export interface RunQueue {
  /** Hands a message over; it may arrive early, late, twice or never, which only changes latency. */
  send(message: RunMessage, delaySeconds?: number): Promise<void>;
}
