/** Whether the records of couplings exist, in bulk and with no more than their keys and etags. */
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import type { RunScope } from '../run/runScope.ts';
import { keySelections } from '../run/selections.ts';
import { pairsOf } from '../run/sweep.ts';

/** A coupling with both records as they are; null for one that is gone. */
export interface ExistingPair extends RecordPair {
  readonly coupling: Coupling;
}

/** One pair per coupling, in order. Raises SyncFailure when a read fails: nothing is taken for gone then (P9). */
export async function existingPairs(
  { ports, mapping }: Pick<RunScope, 'ports' | 'mapping'>,
  couplings: readonly Coupling[],
): Promise<readonly ExistingPair[]> {
  const pairs = await pairsOf({ ports, selections: keySelections(mapping) }, couplings);
  return pairs.flatMap(({ coupling, ...pair }) => (coupling ? [{ ...pair, coupling }] : []));
}
