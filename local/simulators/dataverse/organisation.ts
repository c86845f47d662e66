/** What every part of the simulator works on: schema, data, choices, time and randomness of one organisation. */
import type { SimulatorClock } from '../common/clock.ts';
import type { OptionCatalog } from './schema/optionCatalog.ts';
import type { Schema } from './schema/schema.ts';
import type { PrivilegeBook } from './security/privileges.ts';
import type { Row } from './store/row.ts';
import type { Store } from './store/store.ts';

/** One organisation; everything a handler or rule may touch. */
export interface Organisation {
  readonly schema: Schema;
  readonly store: Store;
  readonly options: OptionCatalog;
  readonly privileges: PrivilegeBook;
  readonly clock: SimulatorClock;
  /** Numbers from 0 to below 1, the same for the same seed. */
  readonly random: () => number;
}

/** Who carries out a request, and when. */
export interface ActingUser {
  /** The systemuser row whose rights and name count. */
  readonly user: Row;
  /** The real caller when it acts as someone else (CallerObjectId, MSCRMCallerID); null otherwise. */
  readonly onBehalf: Row | null;
}

/** The current time of the simulator as the wire shows it: UTC, whole seconds (dataverse-web-api section 4). */
export function currentInstant(organisation: Pick<Organisation, 'clock'>): string {
  return wholeSeconds(organisation.clock.now());
}

/** An instant in whole seconds, such as `2026-03-02T08:00:00Z`. */
export function wholeSeconds(epochMs: number): string {
  return `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
