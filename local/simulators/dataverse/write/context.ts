/** What a write knows besides its values. */
import { type ActingUser, currentInstant, type Organisation } from '../organisation.ts';

/** Carries the acting user and hands out versions and time stamps. */
export interface WriteContext {
  readonly organisation: Organisation;
  readonly acting: ActingUser;
  /** The time stamp of every row this write touches, whole seconds. */
  readonly instant: string;
  nextVersion(): number;
}

/** A context for a write that happens now. */
export function writeContext(organisation: Organisation, acting: ActingUser): WriteContext {
  return {
    organisation,
    acting,
    instant: currentInstant(organisation),
    nextVersion: () => organisation.store.nextVersion(),
  };
}

/** A context whose first row takes a version and time reserved earlier; further rows take new numbers. */
export function reservedContext(
  organisation: Organisation,
  acting: ActingUser,
  reserved: { readonly version: number; readonly instant: string },
): WriteContext {
  let used = false;
  return {
    organisation,
    acting,
    instant: reserved.instant,
    nextVersion: () => {
      if (used) return organisation.store.nextVersion();
      used = true;
      return reserved.version;
    },
  };
}
