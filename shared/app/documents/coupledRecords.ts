/** Finds the records that rows of Sales are coupled to, in bulk (D-44, D-45, D-49, D-53). */
import {
  type BusinessCentralId,
  type DataverseId,
  dataverseId,
  isGuid,
  mappingName,
} from '../../domain/common/ids.ts';
import type { CoupledRecords } from '../../domain/documents/documentFacts.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { optionColumnOf } from '../../domain/options/optionRow.ts';
import { isOptionNumber, optionRowId } from '../../domain/options/optionRowId.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** How many couplings a mapping has, about; asked for once per run. */
export class CouplingBook {
  readonly #ports: SyncPorts;
  readonly #mappings: readonly TableMapping[];
  readonly #counts = new Map<string, Promise<number>>();

  constructor(ports: SyncPorts, mappings: readonly TableMapping[]) {
    this.#ports = ports;
    this.#mappings = mappings;
  }

  /** Business Central ids by Dataverse id; nothing for a mapping that does not exist. */
  async idsOf(mapping: string, ids: readonly string[]): Promise<ReadonlyMap<string, BusinessCentralId>> {
    const wanted = [...new Set(ids)].filter(isGuid).map(dataverseId);
    if (wanted.length === 0 || !this.find(mapping)) return new Map();
    return new Map(
      (await this.#couplings(mapping, wanted)).map((entry) => [entry.dataverseId, entry.businessCentralId]),
    );
  }

  /** Coupled records by Dataverse id, with these properties; null for those that are gone. */
  async recordsOf(
    mapping: string,
    ids: readonly string[],
    properties: readonly string[],
  ): Promise<CoupledRecords> {
    const coupled = await this.idsOf(mapping, ids);
    const found = this.find(mapping);
    if (coupled.size === 0 || !found) return new Map();
    const { entitySet, route } = found.businessCentral;
    const selection = { entitySet, route, properties, companions: [] };
    const { businessCentral } = this.#ports;
    // A page of the companion app that was taken away shows no record any more.
    const isReadable = route !== 'companion' || (await businessCentral.hasCompanionSet(entitySet));
    const records = isReadable
      ? await businessCentral.readByIds(selection, [...new Set(coupled.values())])
      : [];
    const byId = new Map(records.map((record) => [record.id, record]));
    return new Map([...coupled].map(([row, id]) => [row, { id, record: byId.get(id) ?? null }]));
  }

  /** Whether the record is coupled in this mapping. */
  async isCoupled(mapping: string, id: BusinessCentralId): Promise<boolean> {
    const found = await this.#ports.couplings.byBusinessCentralIds(mappingName(mapping), [id], 1);
    return found.length > 0;
  }

  /** Business Central ids of the options with these numbers, whichever table they were chosen on (D-45). */
  async optionsOf(
    mapping: string,
    numbers: readonly number[],
  ): Promise<ReadonlyMap<number, BusinessCentralId>> {
    const found = this.find(mapping);
    if (!found) return new Map();
    const column = optionColumnOf(found);
    const rows = new Map(
      [...new Set(numbers)].filter(isOptionNumber).map((number) => [number, optionRowId(column, number)]),
    );
    const coupled = await this.idsOf(mapping, [...rows.values()]);
    return new Map(
      [...rows].flatMap(([number, row]) => {
        const id = coupled.get(row);
        return id === undefined ? [] : [[number, id] as const];
      }),
    );
  }

  /** The mapping of this name; undefined where it does not exist. */
  find(mapping: string): TableMapping | undefined {
    return this.#mappings.find(({ name }) => name === mapping);
  }

  async #couplings(mapping: string, ids: readonly DataverseId[]) {
    const name = mappingName(mapping);
    const count = this.#counts.get(mapping) ?? this.#count(mapping);
    this.#counts.set(mapping, count);
    return this.#ports.couplings.byDataverseIds(name, ids, await count);
  }

  async #count(mapping: string): Promise<number> {
    return (await this.#ports.mappings.get(mappingName(mapping))).state.coupledCount;
  }
}
