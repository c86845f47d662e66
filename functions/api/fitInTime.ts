/** What both services have of what mappings ask for, as far as it is known within a few seconds. */
import { fitAll } from '../../shared/app/fitMappings.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import type { FittedMapping } from '../../shared/domain/mappings/fitMapping.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';

/** How long an answer waits to learn what the services have. */
const askForMs = 3_000;

/** The mappings as they can run, in order; as they are configured where the services do not answer in time. */
export async function fitInTime(
  { waiting }: Composition,
  ports: SyncPorts,
  mappings: readonly TableMapping[],
): Promise<readonly FittedMapping[]> {
  const asConfigured = mappings.map((mapping): FittedMapping => ({ mapping, shortcomings: [] }));
  return Promise.race([
    fitAll(ports, mappings).catch((error: unknown) => unlessUnreachable(error, asConfigured)),
    waiting.pause(askForMs).then(() => asConfigured),
  ]);
}

function unlessUnreachable(error: unknown, asConfigured: readonly FittedMapping[]): readonly FittedMapping[] {
  if (error instanceof SyncFailure && error.kind !== 'bug') return asConfigured;
  throw error;
}
