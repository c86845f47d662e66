/** What coupling two chosen records means for the couplings they have (E-112, E-114). */
import type { Coupling } from './coupling.ts';

/**
 * `none`: they are coupled to each other. `create`: neither is coupled. `repoint`: the Business Central record is coupled
 * to another row and gets this one (E-6). `taken`: the row is coupled to another record that exists. `stale` is the
 * coupling of the row to a record that is gone; it is removed first.
 */
export interface CouplingDecision {
  readonly kind: 'none' | 'create' | 'repoint' | 'taken';
  readonly stale: Coupling | null;
}

/** Decides from the couplings of both records. Pure. */
export function decideCoupling(facts: {
  /** The coupling of the Business Central record. */
  readonly ours: Coupling | null;
  /** The coupling of the Dataverse row. */
  readonly theirs: Coupling | null;
  /** Whether the record that the row is coupled to exists; meaningless without `theirs`. */
  readonly partnerExists: boolean;
}): CouplingDecision {
  const { ours, theirs, partnerExists } = facts;
  if (ours && theirs && ours.businessCentralId === theirs.businessCentralId)
    return { kind: 'none', stale: null };
  if (theirs && partnerExists) return { kind: 'taken', stale: null };
  return { kind: ours ? 'repoint' : 'create', stale: theirs };
}
