/** The port to the queue that carries runs, their continuations, and questions whether a job is due. */
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
}

/** What travels over the queue: a run to carry out, or the name of a job to ask. */
export type QueueMessage = RunMessage | { readonly ask: string };

/** Messages may arrive early, late, twice or never, which only changes latency. */
export interface RunQueue {
  /** Hands a run over. */
  send(message: RunMessage, delaySeconds?: number): Promise<void>;
  /** Has it asked, after a delay, whether the job is due, as a tick of its timer does (DESIGN, Being due). */
  ask(job: string, delaySeconds: number): Promise<void>;
  /** Hands over again, after a delay, what could not be carried out so many times (platform C-21). */
  repeat(message: QueueMessage, failures: number, delaySeconds: number): Promise<void>;
  /** How many messages the service has set aside because nobody could carry them out; counted up to a hundred or so. */
  setAside(): Promise<number>;
}
