/** What one running scenario works with. */
import type { SyncPorts } from '../../../shared/app/syncPorts.ts';
import type { TableMapping } from '../../../shared/domain/mappings/model.ts';
import type { World } from '../../engine/world.ts';
import type { AliasEntry, Aliases, AliasPlace } from './aliases.ts';
import { FaultWatch } from './faultWatch.ts';
import type { Pretences } from './pretences.ts';

/** Quotes have couplings, and no table mapping. */
export const quotes = {
  mapping: 'SALESQUOTE-QUOTE',
  entitySet: 'salesQuotes',
  table: 'quote',
} as const satisfies AliasPlace;

export class Stage {
  readonly world: World;
  /** Ports of the product; reads go through what the scenario pretends. */
  readonly ports: SyncPorts;
  readonly aliases: Aliases;
  readonly pretences: Pretences;
  /** Writes that have their time and wait for `commit`. */
  readonly reserved = new Map<string, { commit(): unknown }>();
  readonly faults = new FaultWatch();
  /** The mappings as configured now. */
  mappings: readonly TableMapping[];

  constructor(parts: {
    readonly world: World;
    readonly ports: SyncPorts;
    readonly aliases: Aliases;
    readonly pretences: Pretences;
  }) {
    this.world = parts.world;
    this.ports = parts.ports;
    this.aliases = parts.aliases;
    this.pretences = parts.pretences;
    this.mappings = parts.world.mappings;
    this.faults.watch(parts.world.businessCentral.faults);
    this.faults.watch(parts.world.dataverse.faults);
  }

  /** Raises when there is no mapping of that name. */
  mapping(name: string): TableMapping {
    const found = this.mappings.find((mapping) => mapping.name === name);
    if (!found) throw new Error(`There is no table mapping "${name}".`);
    return found;
  }

  /** Where records of a mapping live; any other name is an entity set or table of its own. */
  placeOf(name: string): AliasPlace {
    if (name === quotes.mapping) return quotes;
    const mapping = this.mappings.find((candidate) => candidate.name === name);
    if (!mapping) return { mapping: null, entitySet: name, table: name };
    return { mapping: name, entitySet: mapping.businessCentral.entitySet, table: mapping.dataverse.table };
  }

  /** The property that other records refer to. */
  keyProperty(entry: AliasEntry): string {
    if (entry.mapping === quotes.mapping) return 'number';
    return entry.mapping === null ? 'code' : this.mapping(entry.mapping).businessCentral.keyProperty;
  }
}
