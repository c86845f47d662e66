/** Whether a posted invoice that a user names has its copy in Sales already, and what became of one that was asked for (D-121, D-156). */
import type { RecordKey } from '../../domain/actions/actionRun.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { checkNewCounterpart } from '../actions/checkNewCounterpart.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { DocumentAnswer } from './documentAnswer.ts';

/** Null when it is to be made. Raises SyncFailure `source-not-found`. */
export async function checkInvoice(
  ports: SyncPorts,
  mapping: TableMapping,
  key: RecordKey,
): Promise<DocumentAnswer | null> {
  const known = await checkNewCounterpart(ports, mapping, key);
  return known === null ? null : { status: 'skipped', code: 'alreadyCoupled', message: known.message };
}

/** What became of it, once the run is over; null while nothing is known. */
export async function invoiceAnswer(
  { couplings, logs }: SyncPorts,
  mapping: MappingName,
  { businessCentralId }: RecordKey,
): Promise<DocumentAnswer | null> {
  if (businessCentralId === null) return null;
  const query = { mapping, businessCentralId, open: true };
  const { rows } = await logs.listErrors(query, { top: 1, continuation: null });
  const [error] = rows;
  if (error) return { status: 'failed', code: error.code, message: error.message };
  const [coupling] = await couplings.byBusinessCentralIds(mapping, [businessCentralId], 1);
  if (!coupling) return null;
  const message = `The invoice was created in Sales as "${coupling.dataverseName}".`;
  return { status: 'accepted', code: 'created', message };
}
