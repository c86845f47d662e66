/** Puts an organisation together from its starting point: demo data, a snapshot, or nothing. */
import type { SimulatorClock } from '../common/clock.ts';
import { seededRandom } from '../common/random.ts';
import { type DemoDataverseData, fillStore } from './demoData.ts';
import { createEmptyOrganisation } from './emptyOrganisation.ts';
import type { Organisation } from './organisation.ts';
import { loadSchema } from './schema/loadSchema.ts';
import { OptionCatalog } from './schema/optionCatalog.ts';
import { PrivilegeBook } from './security/privileges.ts';
import { createRoles } from './security/roles.ts';
import { restoreSnapshot } from './snapshot.ts';
import { Store } from './store/store.ts';

/** What an organisation starts from. */
export interface OrganisationOptions {
  readonly clock: SimulatorClock;
  readonly seed: number;
  readonly data: DemoDataverseData | null;
  /** Wins over `data`. */
  readonly snapshot: object | null;
  readonly changeTrackingDisabled: readonly string[];
  readonly withoutTables: readonly string[];
}

/** Raises a ZodError for a malformed snapshot. */
export function createOrganisation(options: OrganisationOptions): Organisation {
  const schema = loadSchema(options.changeTrackingDisabled, options.withoutTables);
  const store = new Store(schema);
  let random = seededRandom(options.seed);
  const organisation: Organisation = {
    schema,
    store,
    options: new OptionCatalog(schema),
    privileges: new PrivilegeBook(),
    clock: options.clock,
    random: () => random(),
  };
  if (options.snapshot) restoreSnapshot(organisation, options.snapshot);
  else if (options.data) fillStore(store, options.data);
  else createEmptyOrganisation(organisation);
  if (!options.snapshot) createRoles(organisation);
  // A restored organisation must not draw the same ids again.
  random = seededRandom(options.seed + store.version);
  return organisation;
}
