/** Remembers which records of the two systems a scenario's aliases stand for. */

/** A record under its alias; an id is null until the record exists on that side. */
export interface AliasEntry {
  readonly alias: string;
  /** Name of its mapping; null for records no mapping covers. */
  readonly mapping: string | null;
  readonly entitySet: string;
  readonly table: string;
  readonly businessCentralId: string | null;
  readonly dataverseId: string | null;
}

/** Where records of a mapping, or of no mapping, live. */
export type AliasPlace = Pick<AliasEntry, 'mapping' | 'entitySet' | 'table'>;

/** The aliases of one scenario. */
export class Aliases {
  readonly #entries = new Map<string, AliasEntry>();

  /** All entries, in the order they were named. */
  all(): readonly AliasEntry[] {
    return [...this.#entries.values()];
  }

  /** Raises when the scenario never named it. */
  get(alias: string): AliasEntry {
    const entry = this.#entries.get(alias);
    if (!entry) throw new Error(`No record is called "${alias}".`);
    return entry;
  }

  /** Names a record of one side, or adds the other side to a name. */
  name(
    alias: string,
    place: AliasPlace,
    ids: Partial<Pick<AliasEntry, 'businessCentralId' | 'dataverseId'>>,
  ): void {
    const known = this.#entries.get(alias);
    if (known && known.mapping !== place.mapping)
      throw new Error(`"${alias}" is already the name of a record of ${known.mapping ?? known.table}.`);
    const blank = { businessCentralId: null, dataverseId: null };
    this.#entries.set(alias, { alias, ...place, ...blank, ...known, ...ids });
  }

  /** The id on a side; raises while the record does not exist there. */
  idOn(alias: string, side: 'businessCentral' | 'dataverse'): string {
    const entry = this.get(alias);
    const id = side === 'businessCentral' ? entry.businessCentralId : entry.dataverseId;
    if (id === null) throw new Error(`"${alias}" has no record in ${side} yet.`);
    return id;
  }

  /** The alias of an id, or null. */
  ofId(mapping: string, id: string | null): string | null {
    if (id === null) return null;
    const found = this.all().find(
      (entry) => entry.mapping === mapping && (entry.businessCentralId === id || entry.dataverseId === id),
    );
    return found?.alias ?? null;
  }
}
