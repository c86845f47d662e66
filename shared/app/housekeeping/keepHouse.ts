/** What is looked after every hour: old log rows, runs that died, a comparison by keys now and then, numbers. */

import { auditRetentionMs } from '../../domain/audit/auditRow.ts';
import { shift } from '../../domain/common/instants.ts';
import { isComparisonHour } from '../../domain/jobs/comparisonHour.ts';
import { withReportedDeletions } from '../../domain/jobs/wake.ts';
import { oldBefore } from '../../domain/logs/retention.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { changeJob } from '../jobs/changeJob.ts';
import { interruptRun } from '../jobs/interruptRun.ts';
import { hasDied } from '../jobs/liveRun.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { purgeLogs } from './purgeLogs.ts';
import { tellUnhealthyJobs } from './tellUnhealthyJobs.ts';

/** Does all of it, once an hour. Raises SyncFailure when the storage fails. Safe to repeat. */
export async function keepHouse(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  retentionDays: number,
): Promise<void> {
  await endDeadRuns(ports);
  await tellUnhealthyJobs(ports);
  await purgeLogs(ports, retentionDays);
  await ports.actions.removeRequestedBefore(oldBefore(ports.clock.now(), retentionDays));
  await ports.actions.removeAuditBefore(shift(ports.clock.now(), -auditRetentionMs(retentionDays)));
  if (isComparisonHour(ports.clock.now(), ports.policy.timeZone)) await askForComparison(ports, mappings);
  for (const mapping of mappings) await logStatistics(ports, mapping);
}

/** Jobs that are never scheduled have no tick that would find their dead runs (J-48). */
async function endDeadRuns(ports: SyncPorts): Promise<void> {
  for (const { entry, version } of await ports.jobs.list()) {
    if (await hasDied(ports, entry)) await interruptRun(ports, entry, version);
  }
}

/**
 * Deletions in Business Central that no notification told of, and couplings that lost both sides, are found by comparing
 * keys (business-central-api 7.4). The next run of each mapping does it; none is woken for it.
 */
async function askForComparison(ports: SyncPorts, mappings: readonly TableMapping[]): Promise<void> {
  for (const { name } of mappings) {
    const { state } = await ports.mappings.get(name);
    if (state.coupledCount === 0) continue;
    await changeJob(ports, name, (entry) => withReportedDeletions(entry, [], true));
    ports.log('information', 'comparison-asked-for', { job: name });
  }
}

/** Numbers of a mapping as time goes by (J-116). */
async function logStatistics(ports: SyncPorts, mapping: TableMapping): Promise<void> {
  const { name, businessCentral, dataverse, direction, syncOnlyCoupled } = mapping;
  const [{ state }, retries] = await Promise.all([ports.mappings.get(name), ports.retries.list(name)]);
  ports.log('information', 'mapping-statistics', {
    mapping: name,
    businessCentralTable: businessCentral.table,
    dataverseTable: dataverse.table,
    direction,
    syncOnlyCoupled,
    coupled: state.coupledCount,
    waiting: retries.filter((retry) => !retry.skipped).length,
    skipped: retries.filter((retry) => retry.skipped).length,
  });
}
