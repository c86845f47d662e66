/** What notifications of Business Central set going: woken jobs, and deletions to look at (J-61 to J-74, J-121). */
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import { codeJobsWokenBy } from '../../domain/jobs/codeJobs.ts';
import { withReportedDeletions, woken } from '../../domain/jobs/wake.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import {
  type ChangeNotification,
  hidesDeletions,
  isEcho,
} from '../../domain/notifications/changeNotification.ts';
import { mappingsWokenBy } from '../../domain/notifications/wakeTable.ts';
import { changeJob } from '../jobs/changeJob.ts';
import { codeJobsFor } from '../jobs/codeJobs.ts';
import { wakeJobs } from '../jobs/wakeJobs.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** More records of one mapping at once are not looked up: a needless run costs less. */
const mostLookedUp = 60;

/**
 * Wakes the jobs that changes concern and notes deletions for their next run. Changes of other companies and of sets
 * that no mapping uses are passed over. Order and repetitions do not matter. Raises SyncFailure when the storage fails.
 * Returns the names of the jobs woken.
 */
export async function receiveChanges(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  notifications: readonly ChangeNotification[],
): Promise<readonly string[]> {
  const own = await ofOwnCompany(ports, notifications);
  const byMapping = new Map<TableMapping, ChangeNotification[]>();
  const codeJobs = codeJobsFor(ports.policy.documents);
  const toWake: string[] = [];
  for (const notification of own) {
    const concerned = mappingsWokenBy(mappings, notification.entitySet);
    const byCode = codeJobsWokenBy(codeJobs, notification.entitySet);
    if (concerned.length + byCode.length === 0) logUnknown(ports, notification);
    if (notification.changeType !== 'deleted') toWake.push(...byCode.map(({ name }) => name));
    for (const mapping of concerned)
      byMapping.set(mapping, [...(byMapping.get(mapping) ?? []), notification]);
  }
  for (const [mapping, changes] of byMapping) {
    await noteDeletions(ports, mapping, changes);
    if (await isWorthARun(ports, mapping, changes)) toWake.push(mapping.name);
  }
  return wakeJobs(ports, toWake, 'businessCentralChange');
}

async function ofOwnCompany(
  ports: SyncPorts,
  notifications: readonly ChangeNotification[],
): Promise<readonly ChangeNotification[]> {
  if (notifications.every(({ companyId }) => companyId === null)) return notifications;
  const ownId = await ports.businessCentral.company().then(
    ({ id }) => id,
    () => null, // a needless run costs less than a missed change
  );
  return notifications.filter(({ companyId }) => ownId === null || companyId === null || companyId === ownId);
}

function logUnknown(ports: SyncPorts, { entitySet, changeType }: ChangeNotification): void {
  ports.log('information', 'notification-of-unused-set', { entitySet, changeType });
}

/** Whether the set shows the mapping's own records, so that ids in its notifications are theirs. */
function showsRecordsOf({ businessCentral }: TableMapping, { entitySet }: ChangeNotification): boolean {
  const own = [businessCentral.entitySet, ...businessCentral.companions];
  return own.some((set) => set.toLowerCase() === entitySet.toLowerCase());
}

async function noteDeletions(
  ports: SyncPorts,
  mapping: TableMapping,
  changes: readonly ChangeNotification[],
): Promise<void> {
  const ownChanges = changes.filter((change) => showsRecordsOf(mapping, change));
  const ids = ownChanges
    .filter(({ changeType }) => changeType === 'deleted')
    .flatMap(({ recordId }): BusinessCentralId[] => (recordId === null ? [] : [recordId]));
  const more = ownChanges.some(hidesDeletions);
  if (ids.length === 0 && !more) return;
  await changeJob(ports, mapping.name, (entry) => withReportedDeletions(entry, ids, more));
}

/** Deletions wake nothing (J-61), nor do echoes of the app's own writes (J-74). */
async function isWorthARun(
  ports: SyncPorts,
  mapping: TableMapping,
  changes: readonly ChangeNotification[],
): Promise<boolean> {
  const wakeful = changes.filter(({ changeType }) => changeType !== 'deleted');
  if (wakeful.length === 0 || !(await wouldWake(ports, mapping.name))) return false;
  const records = wakeful.flatMap((change) => {
    const { recordId: id, changedAt } = change;
    return id !== null && showsRecordsOf(mapping, change) ? [{ id, changedAt }] : [];
  });
  const ids = [...new Set(records.map(({ id }) => id))];
  if (records.length < wakeful.length || ids.length > mostLookedUp) return true;
  const couplings = await ports.couplings.byBusinessCentralIds(mapping.name, ids, Number.MAX_SAFE_INTEGER);
  const byId = new Map(couplings.map((coupling) => [coupling.businessCentralId, coupling]));
  return records.some(({ id, changedAt }) => {
    const coupling = byId.get(id);
    return coupling === undefined || !isEcho(coupling, changedAt);
  });
}

/** Asked first, so that a burst of notifications costs one request each. */
async function wouldWake({ jobs, clock, policy }: SyncPorts, name: string): Promise<boolean> {
  const stored = await jobs.get(name);
  if (stored === null) return false;
  const timing = { now: clock.now(), wakeDelayMs: policy.wakeDelayMs };
  return woken(stored.entry, timing) !== stored.entry;
}
