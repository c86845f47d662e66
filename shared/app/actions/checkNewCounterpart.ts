/** Whether a record can get a new counterpart (E-113). */
import type { RecordKey } from '../../domain/actions/actionRun.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { dataverseFilter, passesDataverse } from '../../domain/sync/recordFilter.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { sourceNotFound } from './checkPartners.ts';
import { couplingsOfKeys } from './chooseRecords.ts';
import { type FittedSelections, fittedSelections } from './fittedSelections.ts';

/**
 * Null when it can; a reason when it has one that exists. Raises SyncFailure `source-not-found`, or `outside-filter` for a
 * row of another kind than the mapping's, such as an account that is no customer.
 */
export async function checkNewCounterpart(
  ports: SyncPorts,
  mapping: TableMapping,
  key: RecordKey,
): Promise<{ readonly code: string; readonly message: string } | null> {
  const select = await fittedSelections(ports, mapping);
  await checkSource(ports, select, key);
  const [coupling] = await couplingsOfKeys(ports, mapping, [key]);
  if (!coupling || !(await counterpartExists(ports, select, key, coupling))) return null;
  return {
    code: 'already-coupled',
    message: `The record is coupled to "${nameOfCounterpart(key, coupling)}" already.`,
  };
}

async function checkSource(ports: SyncPorts, select: FittedSelections, key: RecordKey): Promise<void> {
  if (key.businessCentralId !== null) {
    const [record] = await ports.businessCentral.readByIds(select.businessCentral, [key.businessCentralId]);
    if (!record) throw sourceNotFound('Business Central', key.businessCentralId);
  }
  if (key.dataverseId === null) return;
  const [row] = await ports.dataverse.readByIds(select.dataverse, [key.dataverseId]);
  if (!row) throw sourceNotFound('Sales', key.dataverseId);
  if (passesDataverse(dataverseFilter(select.mapping.dataverse.filter), row)) return;
  const message = `The record is outside the Sales filter of ${select.mapping.name}.`;
  throw new SyncFailure({ kind: 'config', code: 'outside-filter', message });
}

async function counterpartExists(
  ports: SyncPorts,
  select: FittedSelections,
  key: RecordKey,
  coupling: Coupling,
): Promise<boolean> {
  const found =
    key.businessCentralId === null
      ? await ports.businessCentral.readByIds(select.businessCentral, [coupling.businessCentralId])
      : await ports.dataverse.readByIds(select.dataverse, [coupling.dataverseId]);
  return found.length > 0;
}

function nameOfCounterpart(key: RecordKey, coupling: Coupling): string {
  return key.businessCentralId === null ? coupling.businessCentralName : coupling.dataverseName;
}
