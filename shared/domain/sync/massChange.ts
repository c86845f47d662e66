/** The mass-change guard: what looks like an accident is not acted on (P9, contract setting MAX_DELETE_PERCENT). */
import { SyncFailure } from '../common/failures.ts';
import type { MappingName } from '../common/ids.ts';

/** Fewer lost records than this never trip the guard, whatever share of a small mapping they are. */
const fewestLost = 10;

/**
 * Raises SyncFailure `mass-change-guard` (config) when more than `maxDeletePercent` of a mapping's couplings, and at least
 * 10 of them, lost a side in one run: a wrong filter, a lost permission or an emptied table looks just like that.
 */
export function guardMassChange(facts: {
  readonly mapping: MappingName;
  readonly lost: number;
  readonly coupled: number;
  readonly maxDeletePercent: number;
}): void {
  const { mapping, lost, coupled, maxDeletePercent } = facts;
  if (lost < fewestLost || lost * 100 <= coupled * maxDeletePercent) return;
  throw new SyncFailure({
    kind: 'config',
    code: 'mass-change-guard',
    message:
      `${lost} of ${coupled} coupled records of ${mapping} lost one side in one run, more than ${maxDeletePercent} %. ` +
      'Nothing was done about any of them.',
    suggestion:
      'Check both systems, permissions and filters. If the records were deleted on purpose, raise MAX_DELETE_PERCENT ' +
      '(100 switches the guard off) and run the job again.',
  });
}
