/** What of the running parts is kept between starts. */
import type { CleanUp } from './cleanUp.ts';
import { type KeptSource, keepState, type StateKeeper } from './keptState.ts';
import type { Output } from './output.ts';
import type { RunningParts } from './startParts.ts';

function keptSources({ businessCentral, dataverse, clock }: RunningParts): readonly KeptSource[] {
  const simulators = [
    { part: 'businessCentral', simulator: businessCentral },
    { part: 'dataverse', simulator: dataverse },
  ] as const;
  return [
    ...simulators.flatMap(({ part, simulator }) =>
      simulator === null
        ? []
        : [{ part, snapshot: () => simulator.snapshot(), activity: () => simulator.requests.total }],
    ),
    { part: 'clock', snapshot: () => ({ aheadMs: clock.offsetMs() }), activity: () => clock.offsetMs() },
  ];
}

/**
 * Begins to keep the state; null without a data folder. The last saving is added to `cleanUp`, to be called after the
 * simulators were added and before the function app is: the app ends first, then the state is saved, then they end.
 */
export function keepParts(
  parts: RunningParts,
  { dataFolder, cleanUp, output }: { dataFolder: string | null; cleanUp: CleanUp; output: Output },
): StateKeeper | null {
  if (dataFolder === null) return null;
  const keeper = keepState(dataFolder, keptSources(parts), (line) => output.printError(line));
  cleanUp.add('state', async () => {
    keeper.stop();
    await keeper.save();
  });
  return keeper;
}
