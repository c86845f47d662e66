/** The port to couplings and create intents. */
import type { BusinessCentralId, DataverseId, MappingName } from '../domain/common/ids.ts';
import type { Coupling, CouplingState, CreateIntent } from '../domain/couplings/coupling.ts';
import type { PageRequest, StoredPage } from './pages.ts';

/**
 * One change to the couplings of a mapping.
 *
 * `create` fails as `taken` when either id is already coupled (E-114), and removes the create intent of its Dataverse
 * id. `replace` overwrites the state of an existing coupling. `repoint` gives a coupling
 * another record on one side, in one step (E-6). `remove` deletes both rows of a coupling.
 */
export type CouplingWrite =
  | { readonly kind: 'create'; readonly coupling: Coupling }
  | { readonly kind: 'replace'; readonly coupling: Coupling }
  | {
      readonly kind: 'repoint';
      readonly coupling: Coupling;
      readonly previous: { readonly businessCentralId: BusinessCentralId; readonly dataverseId: DataverseId };
    }
  | {
      readonly kind: 'remove';
      readonly businessCentralId: BusinessCentralId;
      readonly dataverseId: DataverseId;
    };

export type CouplingWriteOutcome = 'done' | 'taken' | 'missing';

export interface CouplingQuery {
  readonly mapping?: MappingName;
  readonly state?: CouplingState;
  readonly businessCentralId?: BusinessCentralId;
  readonly dataverseId?: DataverseId;
}

/** Couplings are one-to-one per mapping; the store itself enforces it (P8). */
export interface CouplingStore {
  /** Couplings of these records. `coupledCount` (about how many the mapping has) lets the store choose look-ups or one scan. */
  byBusinessCentralIds(
    mapping: MappingName,
    ids: readonly BusinessCentralId[],
    coupledCount: number,
  ): Promise<readonly Coupling[]>;
  byDataverseIds(
    mapping: MappingName,
    ids: readonly DataverseId[],
    coupledCount: number,
  ): Promise<readonly Coupling[]>;
  /** Couplings whose state is `failed` or `pending`: the retry list of coupled records (E-14, E-15). */
  unsettled(mapping: MappingName): Promise<readonly Coupling[]>;
  /** All couplings of a mapping, in pages of up to 1,000, by Business Central id. */
  list(query: CouplingQuery, page: PageRequest): Promise<StoredPage<Coupling>>;
  /** Applies writes in entity-group transactions of up to 100 rows; one outcome each, in order. Safe to repeat. */
  save(mapping: MappingName, writes: readonly CouplingWrite[]): Promise<readonly CouplingWriteOutcome[]>;
  /** All intents of a mapping that still stand; usually none, in one request. */
  intents(mapping: MappingName): Promise<readonly CreateIntent[]>;
  /** Writes intents before creates are sent; one that stands is replaced. Safe to repeat. */
  saveIntents(intents: readonly CreateIntent[]): Promise<void>;
  /** Removes intents whose create is known not to have happened. Safe to repeat. */
  removeIntents(mapping: MappingName, ids: readonly DataverseId[]): Promise<void>;
}
