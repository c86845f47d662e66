/** The health of the jobs: what runs, what is late, what is stuck, and what waits for a user. */
import type { FailureKind } from '../../domain/common/failures.ts';
import { earlier, type Instant, toEpochMs } from '../../domain/common/instants.ts';
import { type JobHealthProblem, jobHealthProblems } from '../../domain/jobs/jobHealth.ts';
import type { JobQueueEntry, JobStatus } from '../../domain/jobs/jobQueueEntry.ts';
import { toldAt, type WakeTiming } from '../../domain/jobs/wake.ts';
import type { SyncError } from '../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { lastSuccessAt } from './lastSuccess.ts';

/** Numbers of open errors by the class of their cause; classes without any are left out. */
export type OpenErrors = Readonly<Partial<Record<FailureKind, number>>>;

/** The health of one job. */
export interface JobHealth {
  readonly job: string;
  readonly status: JobStatus;
  /** False for jobs of DISABLED_JOBS and while the integration is disabled; such jobs are never late. */
  readonly scheduled: boolean;
  readonly earliestStart: Instant;
  /** Null when the job never succeeded, or so long ago that the log no longer tells. */
  readonly lastSuccessAt: Instant | null;
  /** Seconds since then; every change made before it has been looked at. */
  readonly lagSeconds: number | null;
  /** Records known to wait: those with open errors, and deletions told of that were not looked at yet. */
  readonly backlog: number;
  /** When the first of them failed, or the change was told of that a run is planned for; null when nothing waits. */
  readonly oldestPendingChangeAt: Instant | null;
  readonly openErrors: OpenErrors;
  readonly problems: readonly JobHealthProblem[];
  readonly errorMessage: string;
}

/** The health of all jobs; healthy when no job has a problem. */
export interface HealthReport {
  readonly healthy: boolean;
  /** False while the integration is disabled: then no job is late. */
  readonly enabled: boolean;
  readonly checkedAt: Instant;
  readonly jobs: readonly JobHealth[];
  /** False when there are more open errors than were counted. */
  readonly openErrorsComplete: boolean;
  /** Messages nobody could carry out, which wait for a user; null when the queue does not tell at present (C-21). */
  readonly messagesSetAside: number | null;
}

/** Reports on every job. Open errors of records do not make the app unhealthy: they wait for a user, not for help. */
export async function healthReport(ports: SyncPorts, disabledJobs: readonly string[]): Promise<HealthReport> {
  const now = ports.clock.now();
  const { wakeDelayMs } = ports.policy;
  const [stored, errors, integration, messagesSetAside] = await Promise.all([
    ports.jobs.list(),
    countOpenErrors(ports),
    ports.jobs.integration(),
    ports.queue.setAside().catch(() => null), // the jobs' health is told also without it
  ]);
  const { enabled } = integration.state;
  const jobs = await Promise.all(
    stored.map(({ entry }) =>
      jobHealth(ports, entry, {
        now,
        scheduled: enabled && !disabledJobs.includes(entry.name),
        wakeDelayMs,
        errors: errors.byMapping.get(entry.mapping ?? entry.name) ?? noErrors,
      }),
    ),
  );
  const healthy = jobs.every((job) => job.problems.length === 0);
  return {
    healthy,
    enabled,
    checkedAt: now,
    jobs,
    openErrorsComplete: errors.complete,
    messagesSetAside,
  };
}

async function jobHealth(
  ports: SyncPorts,
  entry: JobQueueEntry,
  facts: Pick<JobHealth, 'scheduled'> & WakeTiming & { readonly errors: MappingErrors },
): Promise<JobHealth> {
  const { now, scheduled, errors, wakeDelayMs } = facts;
  const succeededAt = await lastSuccessAt(ports, entry);
  return {
    job: entry.name,
    status: entry.status,
    scheduled,
    earliestStart: entry.earliestStart,
    lastSuccessAt: succeededAt,
    lagSeconds: succeededAt === null ? null : secondsBetween(succeededAt, now),
    backlog: errors.total + entry.reportedDeletions.ids.length,
    oldestPendingChangeAt: earliest(errors.oldest, toldAt(entry, { now, wakeDelayMs })),
    openErrors: errors.byKind,
    problems: jobHealthProblems(entry, scheduled, now),
    errorMessage: entry.errorMessage,
  };
}

function secondsBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.round((toEpochMs(to) - toEpochMs(from)) / 1_000));
}

function earliest(left: Instant | null, right: Instant | null): Instant | null {
  return left === null || right === null ? (left ?? right) : earlier(left, right);
}

/** Open errors of one mapping; the first failure of a record is no later than its open error. */
interface MappingErrors {
  readonly total: number;
  readonly oldest: Instant | null;
  readonly byKind: OpenErrors;
}

const noErrors: MappingErrors = { total: 0, oldest: null, byKind: {} };

const errorPageSize = 1_000;
/** So many pages are counted; more open errors than that need no exact number. */
const mostErrorPages = 10;

async function countOpenErrors(ports: SyncPorts) {
  const byMapping = new Map<string, MappingErrors>();
  let continuation: string | null = null;
  for (let pages = 0; pages < mostErrorPages; pages += 1) {
    const page = await ports.logs.listErrors({ open: true }, { top: errorPageSize, continuation });
    for (const error of page.rows) count(byMapping, error);
    continuation = page.continuation;
    if (continuation === null) return { byMapping, complete: true };
  }
  return { byMapping, complete: false };
}

function count(byMapping: Map<string, MappingErrors>, { mapping, kind, occurredAt }: SyncError): void {
  const { total, oldest, byKind } = byMapping.get(mapping) ?? noErrors;
  byMapping.set(mapping, {
    total: total + 1,
    oldest: earliest(oldest, occurredAt),
    byKind: { ...byKind, [kind]: (byKind[kind] ?? 0) + 1 },
  });
}
