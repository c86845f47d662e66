/** Settings that bound runs, as they are by default. */
import type { RunPolicy } from '../../shared/app/syncPorts.ts';
import { noDocuments } from '../../shared/domain/documents/documentSettings.ts';

/** A test states only what it is about. */
export const somePolicy: RunPolicy = {
  maxDeletePercent: 20,
  sliceMs: 480_000,
  timeZone: 'UTC',
  wakeDelayMs: 30_000,
  disabledJobs: [],
  documents: noDocuments,
};
