/** The port to requested actions: the audit of what users asked for, and the memory of what is still to be done. */
import type { ActionRun } from '../domain/actions/actionRun.ts';
import type { RunId } from '../domain/common/ids.ts';
import type { Instant } from '../domain/common/instants.ts';

export interface ActionStore {
  /** Inserts or replaces by run id. Safe to repeat. */
  save(action: ActionRun): Promise<void>;
  /** Null when there is no such action. */
  get(id: RunId): Promise<ActionRun | null>;
  /** Removes actions requested before; those that have not ended stay. Returns how many went. Safe to repeat. */
  removeRequestedBefore(at: Instant): Promise<number>;
}
