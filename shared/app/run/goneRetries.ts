/** Records of the retry list that no longer exist: coupled ones are lost records, others need no further try. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import type { RunScope } from './runScope.ts';
import { pairsOf } from './sweep.ts';

/** Closes the errors of uncoupled records that are gone, and returns the coupled ones as pairs. Safe to repeat. */
export async function settleGoneRetries(
  scope: RunScope,
  pass: PassDirection,
  missing: readonly string[],
): Promise<readonly RecordPair[]> {
  if (missing.length === 0) return [];
  const gone = new Set(missing);
  const { unsettled, entries } = await scope.retryList();
  const idOf = (coupling: (typeof unsettled)[number]): string =>
    pass === 'toDataverse' ? coupling.businessCentralId : coupling.dataverseId;
  const pointless = entries.filter((entry) => entry.side === sourceSide(pass) && gone.has(entry.id));
  if (pointless.length > 0 && !scope.request.dryRun) {
    const { ports, mapping } = scope;
    await ports.retries.remove(mapping.name, pointless);
    await ports.logs.resolveErrors(
      mapping.name,
      pointless.map(({ errorId }) => errorId),
      ports.clock.now(),
    );
  }
  return pairsOf(
    scope,
    unsettled.filter((coupling) => gone.has(idOf(coupling))),
  );
}
