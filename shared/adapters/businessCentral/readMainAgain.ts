/** Reading the main set once more after writes through companion sets, which move its etag and time. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { Client } from './client.ts';
import { readLookups } from './lookups.ts';
import { lookupById, mainSet, withRow } from './records.ts';
import type { WriteProgress } from './steps.ts';

/**
 * Takes over values, etag and time of the main set as stored after all steps, for records whose main etag is not
 * known any more; the record as known stands when that fails.
 */
export async function readMainAgain(
  client: Client,
  selection: BusinessCentralSelection,
  changed: readonly WriteProgress[],
): Promise<void> {
  const set = mainSet(selection);
  const stale = changed.filter(
    ({ outcome, record }) => outcome === 'done' && record.etags[set.entitySet] === undefined,
  );
  if (stale.length === 0) return;
  try {
    const ids = stale.map(({ record }) => record.id);
    const [rows = []] = await readLookups(client, [lookupById(set, ids)]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const progress of stale) {
      const row = byId.get(progress.record.id);
      if (row === undefined) continue;
      const merged = withRow(selection, progress.record, set.entitySet, row);
      progress.record = { ...merged, modifiedAt: row.modifiedAt };
    }
  } catch (failure) {
    if (!(failure instanceof SyncFailure)) throw failure;
    client.log('warning', 'record-not-read-again', { entitySet: set.entitySet, code: failure.code });
  }
}
