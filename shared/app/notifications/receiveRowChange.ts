/** What a notification of Dataverse sets going (J-70, J-71). */
import type { TableMapping } from '../../domain/mappings/model.ts';
import { mappingsWokenByRow } from '../../domain/notifications/wakeTable.ts';
import { wakeJobs } from '../jobs/wakeJobs.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A change of a row as Dataverse tells it; ids in lower case. */
export interface RowChange {
  /** Logical name, such as `account`. */
  readonly table: string;
  /** `Create`, `Update`, `Delete` and others. */
  readonly message: string;
  /** Who caused the change, and in whose name it was made. */
  readonly userIds: readonly string[];
}

/**
 * Wakes the jobs whose mappings read the table. The app's own writes and deletions wake nothing (J-74, J-61); deleted
 * rows are told by change tracking. Returns the names of the jobs woken. Safe to repeat.
 */
export async function receiveRowChange(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  change: RowChange,
): Promise<readonly string[]> {
  if (change.message.toLowerCase() === 'delete') return [];
  const concerned = mappingsWokenByRow(mappings, change.table.toLowerCase()).map(({ name }) => name);
  if (concerned.length === 0) {
    ports.log('information', 'notification-of-unused-table', { table: change.table });
    return [];
  }
  const ownId = await ports.dataverse.whoAmI().then(
    ({ userId }) => userId,
    () => null, // a needless run costs less than a missed change
  );
  if (ownId !== null && change.userIds.includes(ownId)) return [];
  return wakeJobs(ports, concerned, 'dataverseChange');
}
