/** Whether the organisation has the table of customer statistics, which comes with the integration solution (ST-2). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import type { Shortcoming } from '../../domain/mappings/fitMapping.ts';
import { statisticsLookup, statisticsTable } from '../../domain/statistics/customerStatistics.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Name of the job, of its rows in the log and of its state. */
export const statisticsJob = mappingName('CUSTOMER STATISTICS');

/** What is missing; null when statistics can be written. Raises SyncFailure when Dataverse cannot be asked. */
export async function missingStatisticsSolution({ dataverse }: SyncPorts): Promise<Shortcoming | null> {
  const { attributes } = await dataverse.table('account');
  if (attributes[statisticsLookup] === undefined) return missing('column-missing', 'the lookup of accounts');
  try {
    await dataverse.table(statisticsTable);
    return null;
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'table-not-found') {
      return missing('table-missing', `table "${statisticsTable}"`);
    }
    throw error;
  }
}

function missing(code: 'table-missing' | 'column-missing', what: string): Shortcoming {
  const message = `${statisticsJob} writes no statistics: Dataverse lacks ${what}.`;
  const suggestion = 'Install the Business Central integration solution in Dataverse, or disable the job.';
  return { mapping: statisticsJob, code, fields: [], message, suggestion };
}
