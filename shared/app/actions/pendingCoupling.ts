/** A coupling that was made and not synchronised yet. */
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { businessCentralName, dataverseName } from '../../domain/sync/names.ts';

/** Blank stored state on both sides: the next run compares everything (E-6, E-31). */
export function pendingCoupling(
  mapping: TableMapping,
  businessCentral: BusinessCentralRecord,
  dataverse: DataverseRow,
): Coupling {
  return {
    mapping: mapping.name,
    businessCentralId: businessCentral.id,
    dataverseId: dataverse.id,
    businessCentralName: businessCentralName(mapping, businessCentral),
    dataverseName: dataverseName(mapping, dataverse),
    state: 'pending',
    base: null,
    lastSyncedAt: null,
    toDataverse: null,
    toBusinessCentral: null,
    lastError: null,
  };
}
