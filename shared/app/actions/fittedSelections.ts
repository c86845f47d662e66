/** What an action reads of a mapping's two sides, as far as the environments have it. */
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import { fitForRun } from '../fitMappings.ts';
import { businessCentralSelection, dataverseSelection } from '../run/selections.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Both selections, and the mapping without what the environments lack. */
export interface FittedSelections {
  readonly mapping: TableMapping;
  readonly businessCentral: BusinessCentralSelection;
  readonly dataverse: DataverseSelection;
}

/** Asks what there is; the adapters remember it. Raises SyncFailure when a service cannot be asked. */
export async function fittedSelections(ports: SyncPorts, mapping: TableMapping): Promise<FittedSelections> {
  const fitted = (await fitForRun(ports, mapping)).mapping;
  const table = await ports.dataverse.table(fitted.dataverse.table);
  return {
    mapping: fitted,
    businessCentral: businessCentralSelection(fitted),
    dataverse: dataverseSelection(fitted, table),
  };
}
