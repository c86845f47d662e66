/** Ports to time, identity, digests and the log. */
import type { AuditId, RunId, SyncErrorId, SyncJobId } from '../domain/common/ids.ts';
import type { Instant } from '../domain/common/instants.ts';

/** Tells the time. */
export interface Clock {
  now(): Instant;
}

/** Makes time-ordered GUIDs (version 7): newer ids sort after older ones. */
export interface Ids {
  runId(at: Instant): RunId;
  syncJobId(at: Instant): SyncJobId;
  syncErrorId(at: Instant): SyncErrorId;
  auditId(at: Instant): AuditId;
}

/** A short keyed digest of a text; equal texts give equal digests under the same key. */
export type Digest = (text: string) => string;

/** Levels as the Functions host knows them. */
export const logLevels = ['trace', 'information', 'warning', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes one structured event. Values must be free of secrets and personal data. */
export type Log = (level: LogLevel, event: string, details: Readonly<Record<string, unknown>>) => void;
