/** A job queue entry: when a job runs and how its last run went (J-1 to J-9, contract section 3). */

import type { BusinessCentralId, MappingName, RunId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { RunTrigger } from '../logs/syncJob.ts';

/** J-12; `onHoldInactivity` is shown as "On Hold Due to Inactivity" (J-13). */
export const jobStatuses = [
  'ready',
  'inProcess',
  'error',
  'onHold',
  'onHoldInactivity',
  'waiting',
  'finished',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Monday first (J-29). */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof weekdays)[number];

/** Daily window, `HH:mm`; either end may be open (J-24). */
export interface JobWindow {
  readonly start: string | null;
  readonly end: string | null;
}

export interface LastRun {
  readonly runId: RunId;
  readonly trigger: RunTrigger;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly outcome: 'success' | 'error' | null;
}

/** Deletions in Business Central that notifications told of; the next run looks whether they are true. */
export interface ReportedDeletions {
  readonly ids: readonly BusinessCentralId[];
  /** There were more than are kept, or records were not named: only a comparison by keys finds them. */
  readonly more: boolean;
}

/** No deletion was told of. */
export const noDeletions: ReportedDeletions = { ids: [], more: false };

export interface JobQueueEntry {
  readonly name: string;
  /** Null for a job that runs code instead of a mapping. */
  readonly mapping: MappingName | null;
  readonly description: string;
  readonly status: JobStatus;
  readonly frequencyMinutes: number;
  /** 0 = never held (J-55). */
  readonly inactivityTimeoutMinutes: number;
  readonly earliestStart: Instant;
  readonly lastRun: LastRun | null;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly rerunDelaySeconds: number;
  readonly category: string | null;
  readonly window: JobWindow | null;
  readonly weekdays: readonly Weekday[];
  readonly errorMessage: string;
  /** What the run under way found, to be returned to at its end: a hold that a user made stays. */
  readonly statusBefore: JobStatus | null;
  /** A change was told of: the planned start is because of it (J-65); of a running entry, another run follows (J-73). */
  readonly woken: boolean;
  readonly reportedDeletions: ReportedDeletions;
}
