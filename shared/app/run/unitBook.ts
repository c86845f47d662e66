/** Unit groups of Sales by name, read in bulk and remembered for a while (E-94). */
import type { DataverseRow } from '../../domain/common/records.ts';
import {
  type SalesUnitGroup,
  type SalesUnitGroups,
  unitAttributes,
  unitGroupAttributes,
} from '../../domain/sync/salesUnits.ts';
import { canonicalText } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Names remembered at most; what bounds memory where every item has a group of its own. */
const mostRemembered = 20_000;

/** Serves one run: groups made meanwhile by others are met by the next one. */
export class UnitBook {
  readonly #ports: SyncPorts;
  #groups = new Map<string, readonly SalesUnitGroup[]>();

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  /** The groups of these names with their units, in two requests for those not remembered. */
  async named(names: readonly string[]): Promise<SalesUnitGroups> {
    const open = [...new Set(names.filter((name) => name !== ''))].filter(
      (name) => !this.#groups.has(name.toLowerCase()),
    );
    if (open.length === 0) return this.#groups;
    if (this.#groups.size > mostRemembered) this.#groups = new Map();
    for (const name of open) this.#groups.set(name.toLowerCase(), []);
    for (const group of await this.#read(open)) {
      const key = canonicalText(group.row.values['name']).toLowerCase();
      this.#groups.set(key, [...(this.#groups.get(key) ?? []), group]);
    }
    return this.#groups;
  }

  async #read(names: readonly string[]): Promise<readonly SalesUnitGroup[]> {
    const { dataverse } = this.#ports;
    const groups = { table: 'uomschedule', attributes: [...unitGroupAttributes] };
    const rows = await dataverse.readByValues(groups, 'name', names);
    if (rows.length === 0) return [];
    const units = await dataverse.readByValues(
      { table: 'uom', attributes: [...unitAttributes] },
      'uomscheduleid',
      rows.map(({ id }) => id),
    );
    const byGroup = new Map<string, DataverseRow[]>(rows.map(({ id }) => [id, []]));
    for (const unit of units) byGroup.get(canonicalText(unit.values['uomscheduleid']))?.push(unit);
    return rows.map((row) => ({ row, units: byGroup.get(row.id) ?? [] }));
  }
}
