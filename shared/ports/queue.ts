/** The port to the queue that carries job slices and wake-ups. */
import type { RunId } from '../domain/common/ids.ts';
import type { RunTrigger } from '../domain/logs/syncJob.ts';

/** A run of one job, by identity only; the run reads the world anew. */
export interface QueuedRun {
  readonly job: string;
  readonly runId: RunId;
  readonly trigger: RunTrigger;
}

/** A request to run a job, and what is to run after it, in order (a full synchronisation runs job after job). */
export interface RunMessage extends QueuedRun {
  readonly followedBy: readonly QueuedRun[];
  /** The job was on hold when a user ran it, and is to be on hold again at the end; for continued runs. */
  readonly keepOnHold?: boolean;
}

export interface RunQueue {
  /** Hands a message over; it may arrive early, late, twice or never, which only changes latency. */
  send(message: RunMessage, delaySeconds?: number): Promise<void>;
}
