/** Removes the statistics of customers that are no longer coupled (ST-26). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import { statisticsTable } from '../../domain/statistics/customerStatistics.ts';
import type { WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { statisticsJob } from './statisticsSolution.ts';

/** Those that were written for these customers; rows are found by what was remembered, not by number. Safe to repeat. */
export async function removeStatisticsOf(ports: SyncPorts, ids: readonly BusinessCentralId[]): Promise<void> {
  if (ids.length === 0) return;
  await removeStatistics(ports, await ports.statistics.byCustomers(ids));
}

/** A refusal of Dataverse is told in the log and otherwise ignored (ST-26): the account is what matters. Safe to repeat. */
export async function removeStatistics(
  ports: SyncPorts,
  statistics: readonly WrittenStatistics[],
): Promise<number> {
  if (statistics.length === 0) return 0;
  const rowIds = statistics.flatMap(({ statisticsId }) => statisticsId ?? []);
  const deleted = rowIds.length === 0 ? 0 : await deleteRows(ports, rowIds);
  const errorIds = statistics.flatMap(({ errorId }) => errorId ?? []);
  if (errorIds.length > 0) await ports.logs.resolveErrors(statisticsJob, errorIds, ports.clock.now());
  await ports.statistics.remove(statistics.map(({ businessCentralId }) => businessCentralId));
  return deleted;
}

async function deleteRows(ports: SyncPorts, ids: readonly DataverseId[]): Promise<number> {
  try {
    const rows = await readRows(ports, ids);
    const outcomes = await ports.dataverse.delete(statisticsTable, rows);
    const deleted = outcomes.filter(({ status }) => status === 'done').length;
    if (deleted < rows.length) tell(ports, 'some rows were refused or had just changed');
    return deleted;
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    tell(ports, error.message);
    return 0;
  }
}

/** Those of the rows that exist. */
export function readRows(
  { dataverse }: SyncPorts,
  ids: readonly DataverseId[],
): Promise<readonly DataverseRow[]> {
  return dataverse.readByIds({ table: statisticsTable, attributes: [] }, ids);
}

function tell({ log }: SyncPorts, reason: string): void {
  log('warning', 'statistics-not-removed', { reason });
}
