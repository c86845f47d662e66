/** Which of the records a user named an action on coupled data errors fits, and why not the others. */
import type { RecordKey } from '../../domain/actions/actionRun.ts';
import { type ErrorAction, type LeftOut, leftOutOf } from '../../domain/actions/coupledDataErrors.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { openReadingScope } from '../queries/readingScope.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { couplingsOfKeys } from './chooseRecords.ts';
import { existingPairs } from './existingPairs.ts';
import { retryEntriesOf } from './retryTask.ts';

/** One named record, and what becomes of it. */
export interface ChosenError {
  readonly key: RecordKey;
  readonly status: 'accepted' | 'skipped' | 'failed';
  readonly leftOut: LeftOut | null;
}

const notCoupled: LeftOut = { code: 'coupling-not-found', message: 'The record is not coupled.' };
const notWaiting: LeftOut = { code: 'not-skipped', message: 'The record does not wait for a user.' };

/** Judges each named record of one mapping; both services are asked in bulk. Raises SyncFailure when one does not answer. */
export async function chooseErrors(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  { keys, action }: { readonly keys: readonly RecordKey[]; readonly action: ErrorAction },
): Promise<readonly ChosenError[]> {
  const couplings = await couplingsOfKeys(ports, mapping, keys);
  const found = couplings.flatMap((coupling) => coupling ?? []);
  const pairs = await pairsFor(ports, mappings, mapping, { action, couplings: found });
  const entries = action === 'retry' ? await retryEntriesOf(ports, mapping, keys) : [];
  return keys.map((key, index): ChosenError => {
    const coupling = couplings[index] ?? null;
    if (coupling === null) {
      const isListed = entries[index] != null;
      return { key, status: isListed ? 'accepted' : 'failed', leftOut: isListed ? null : notCoupled };
    }
    const leftOut = judge(action, mapping, coupling, pairs.get(coupling.dataverseId));
    return { key, status: leftOut === null ? 'accepted' : 'skipped', leftOut };
  });
}

type Pairs = ReadonlyMap<string, Awaited<ReturnType<typeof existingPairs>>[number]>;

/** Removing a coupling needs to know nothing of its records. */
async function pairsFor(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  { action, couplings }: { readonly action: ErrorAction; readonly couplings: readonly Coupling[] },
): Promise<Pairs> {
  if (action === 'removeCoupling' || couplings.length === 0) return new Map();
  const pairs = await existingPairs(await openReadingScope(ports, mappings, mapping), couplings);
  return new Map(pairs.map((pair) => [pair.coupling.dataverseId, pair]));
}

function judge(
  action: ErrorAction,
  mapping: TableMapping,
  coupling: Coupling,
  pair: Parameters<typeof leftOutOf>[2] | undefined,
): LeftOut | null {
  if (pair === undefined) return null;
  const leftOut = leftOutOf(action, mapping, pair);
  if (leftOut !== null || action !== 'retry') return leftOut;
  return coupling.state === 'skipped' || coupling.state === 'failed' ? null : notWaiting;
}
