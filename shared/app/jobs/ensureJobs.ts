/** Makes sure every mapping with a scheduled job has its job queue entry, and every job that runs code has its own. */
import { codeJobNames, newCodeJobEntry } from '../../domain/jobs/codeJobs.ts';
import { newJobQueueEntry } from '../../domain/jobs/transitions.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { codeJobsFor } from './codeJobs.ts';

/** Creates missing entries, Ready and due now (J-18 b). Existing ones stay. Safe to call twice. */
export async function ensureJobs(ports: SyncPorts, mappings: readonly TableMapping[]): Promise<void> {
  const now = ports.clock.now();
  const entries = mappings.map((mapping) => newJobQueueEntry(mapping, now)).filter((entry) => entry !== null);
  await Promise.all(entries.map((entry) => ports.jobs.createIfMissing(entry)));
}

/**
 * Creates the missing entries of jobs that run code (J-77), and removes those that the settings ask for no longer (D-7,
 * D-8). Safe to call twice.
 */
export async function ensureCodeJobs(ports: SyncPorts): Promise<void> {
  const now = ports.clock.now();
  const wanted = codeJobsFor(ports.policy.documents);
  const unwanted = codeJobNames.filter((name) => !wanted.some((job) => job.name === name));
  await Promise.all([
    ...wanted.map((job) => ports.jobs.createIfMissing(newCodeJobEntry(job, now))),
    ...unwanted.map((name) => ports.jobs.remove(name)),
  ]);
}
