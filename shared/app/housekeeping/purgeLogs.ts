/** Deletes old rows of the synchronisation log and their errors (J-108 to J-112, E-152). */
import type { MappingName } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import {
  isOld,
  mayGo,
  oldBefore,
  type References,
  referencesOf,
  withErrorRows,
} from '../../domain/logs/retention.ts';
import type { SyncError, SyncJob } from '../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../syncPorts.ts';

const pageSize = 1000;

/** Rows looked at in one go; what is left is found by the next. */
const mostRows = 20_000;

/** How many rows of the log went, and how many old ones stay because a skipped record refers to them. */
export interface PurgeReport {
  readonly deleted: number;
  readonly kept: number;
}

/** Deletes what finished so many days ago. Errors go before their row, so that none is left without one. Safe to repeat. */
export async function purgeLogs(ports: SyncPorts, olderThanDays: number): Promise<PurgeReport> {
  const now = ports.clock.now();
  const until = oldBefore(now, olderThanDays);
  const rows = await oldRows(ports, until, now);
  let deleted = 0;
  for (const mapping of new Set(rows.map((row) => row.mapping))) {
    const own = rows.filter((row) => row.mapping === mapping);
    deleted += await purgeMapping(ports, mapping, own, until);
  }
  const report = { deleted, kept: rows.length - deleted };
  if (rows.length > 0) ports.log('information', 'log-purged', { olderThanDays, ...report });
  return report;
}

async function oldRows(ports: SyncPorts, until: Instant, now: Instant): Promise<readonly SyncJob[]> {
  const found: SyncJob[] = [];
  let continuation: string | null = null;
  do {
    const page = await ports.logs.listSyncJobs({ until }, { top: pageSize, continuation });
    found.push(...page.rows.filter((row) => isOld(row, until, now)));
    continuation = page.continuation;
  } while (continuation !== null && found.length < mostRows);
  return found;
}

async function purgeMapping(
  ports: SyncPorts,
  mapping: MappingName,
  rows: readonly SyncJob[],
  until: Instant,
): Promise<number> {
  const mayHaveErrors = rows.some(({ counts }) => counts.failed + counts.skipped > 0);
  const errors = mayHaveErrors ? await oldErrors(ports, mapping, until) : [];
  const references = mayHaveErrors ? await referencesIn(ports, mapping, errors) : none;
  const going = rows.filter((row) => mayGo(row, references)).map(({ id }) => id);
  const gone = new Set(going);
  const errorIds = errors.filter(({ syncJobId }) => gone.has(syncJobId)).map(({ id }) => id);
  await ports.logs.removeErrors(mapping, errorIds);
  await ports.logs.removeSyncJobs(mapping, going);
  return going.length;
}

const none: References = { syncJobs: new Set(), errors: new Set() };

type ErrorKey = Pick<SyncError, 'id' | 'syncJobId'>;

async function oldErrors(
  ports: SyncPorts,
  mapping: MappingName,
  until: Instant,
): Promise<readonly ErrorKey[]> {
  const found: ErrorKey[] = [];
  let continuation: string | null = null;
  do {
    const page = await ports.logs.listErrors({ mapping, until }, { top: pageSize, continuation });
    found.push(...page.rows.map(({ id, syncJobId }) => ({ id, syncJobId })));
    continuation = page.continuation;
  } while (continuation !== null);
  return found;
}

async function referencesIn(
  ports: SyncPorts,
  mapping: MappingName,
  errors: readonly ErrorKey[],
): Promise<References> {
  const skipped: Coupling[] = [];
  let continuation: string | null = null;
  do {
    const page = await ports.couplings.list({ mapping, state: 'skipped' }, { top: pageSize, continuation });
    skipped.push(...page.rows);
    continuation = page.continuation;
  } while (continuation !== null);
  return withErrorRows(referencesOf(skipped, await ports.retries.list(mapping)), errors);
}
