/** Records asked for by id that no longer exist: coupled ones are lost records, others need no further try. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RecordPair } from '../../domain/sync/planTypes.ts';
import type { RunScope } from './runScope.ts';
import { pairsOf } from './sweep.ts';

/** Closes the errors of uncoupled records that are gone, and returns the coupled ones as pairs. Safe to repeat. */
export async function settleGone(
  scope: RunScope,
  pass: PassDirection,
  missing: readonly string[],
): Promise<readonly RecordPair[]> {
  if (missing.length === 0) return [];
  await closeRetries(scope, pass, new Set(missing));
  return pairsOf(scope, await couplingsOf(scope, pass, missing));
}

async function closeRetries(scope: RunScope, pass: PassDirection, gone: ReadonlySet<string>): Promise<void> {
  const { ports, mapping, request } = scope;
  const { entries } = await scope.retries.before();
  const pointless = entries.filter((entry) => entry.side === sourceSide(pass) && gone.has(entry.id));
  if (pointless.length === 0 || request.dryRun) return;
  await ports.retries.remove(mapping.name, pointless);
  const errorIds = pointless.map(({ errorId }) => errorId);
  await ports.logs.resolveErrors(mapping.name, errorIds, ports.clock.now());
}

/** Those of the retry list are known already; records that a user named are looked up. */
async function couplingsOf(
  scope: RunScope,
  pass: PassDirection,
  missing: readonly string[],
): Promise<readonly Coupling[]> {
  const { ports, mapping, state, request } = scope;
  if (request.chosen) {
    return pass === 'toDataverse'
      ? ports.couplings.byBusinessCentralIds(
          mapping.name,
          missing as readonly BusinessCentralId[],
          state.coupledCount,
        )
      : ports.couplings.byDataverseIds(mapping.name, missing as readonly DataverseId[], state.coupledCount);
  }
  const gone = new Set(missing);
  const { unsettled } = await scope.retries.before();
  return unsettled.filter(({ businessCentralId, dataverseId }) =>
    gone.has(pass === 'toDataverse' ? businessCentralId : dataverseId),
  );
}
