/** What makes a coupling by hand impossible is told before anything is queued (E-112). */

import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { fittedSelections } from './fittedSelections.ts';

/**
 * Raises SyncFailure `source-not-found` when a record does not exist, and `already-coupled` when the row belongs to another
 * record that exists.
 */
export async function checkPartners(
  ports: SyncPorts,
  mapping: TableMapping,
  ids: { readonly businessCentralId: BusinessCentralId; readonly dataverseId: DataverseId },
): Promise<void> {
  const select = await fittedSelections(ports, mapping);
  const [couplings, rows] = await Promise.all([
    ports.couplings.byDataverseIds(mapping.name, [ids.dataverseId], 0),
    ports.dataverse.readByIds(select.dataverse, [ids.dataverseId]),
  ]);
  const other = couplings.find(({ businessCentralId }) => businessCentralId !== ids.businessCentralId);
  const wanted = [ids.businessCentralId, ...(other ? [other.businessCentralId] : [])];
  const records = await ports.businessCentral.readByIds(select.businessCentral, wanted);
  const exists = (id: BusinessCentralId) => records.some((record) => record.id === id);
  if (!exists(ids.businessCentralId)) throw sourceNotFound('Business Central', ids.businessCentralId);
  if (rows.length === 0) throw sourceNotFound('Sales', ids.dataverseId);
  if (other && exists(other.businessCentralId)) throw alreadyCoupled(other.businessCentralName);
}

/** The error of a record that a user named and that does not exist. */
export function sourceNotFound(where: string, id: string): SyncFailure {
  const message = `There is no record ${id} in ${where}.`;
  return new SyncFailure({ kind: 'config', code: 'source-not-found', message });
}

function alreadyCoupled(name: string): SyncFailure {
  const message = `The record in Sales is coupled to "${name}" already.`;
  const suggestion = 'Remove that coupling first.';
  return new SyncFailure({ kind: 'conflict', code: 'already-coupled', message, suggestion });
}
