/** The coupling store over one table: partition = mapping, two rows per coupling (see couplingRows.ts). */
import type { CouplingStore } from '../../ports/couplingStore.ts';
import {
  couplingsByBusinessCentralIds,
  couplingsByDataverseIds,
  listCouplings,
  unsettledCouplings,
} from './couplingQueries.ts';
import { saveCouplings } from './couplingSave.ts';
import type { EntityTable } from './entityTable.ts';
import { removeIntents, saveIntents, standingIntents } from './intents.ts';

/** Couplings and create intents in `table`. */
export function couplingStore(table: EntityTable): CouplingStore {
  return {
    byBusinessCentralIds: (mapping, ids, coupledCount) =>
      couplingsByBusinessCentralIds(table, mapping, ids, coupledCount),
    byDataverseIds: (mapping, ids, coupledCount) =>
      couplingsByDataverseIds(table, mapping, ids, coupledCount),
    unsettled: (mapping) => unsettledCouplings(table, mapping),
    list: (query, page) => listCouplings(table, query, page),
    save: (mapping, writes) => saveCouplings(table, mapping, writes),
    intents: (mapping) => standingIntents(table, mapping),
    saveIntents: (intents) => saveIntents(table, intents),
    removeIntents: (mapping, ids) => removeIntents(table, mapping, ids),
  };
}
