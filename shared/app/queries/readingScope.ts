/** The scope of a run, for questions: it plans and reads, and writes nothing. */
import type { TableMapping } from '../../domain/mappings/model.ts';
import { fitToCompanionApp, requireFit } from '../fitMappings.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import { meteredPorts, openRunScope, type RunRequest, type RunScope } from '../run/runScope.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Raises SyncFailure when a connection or the mapping does not work. */
export async function openReadingScope(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  change: Partial<RunRequest> = {},
): Promise<RunScope> {
  const metered = meteredPorts(ports);
  const fitted = await requireFit(metered.ports, mapping);
  const others = await fitToCompanionApp(metered.ports, mappings);
  const run = { runId: ports.ids.runId(ports.clock.now()), trigger: 'action' } as const;
  const { state } = await ports.mappings.get(mapping.name);
  const request = { ...runRequestFor(fitted, run, true), ...change };
  return openRunScope(metered, others, fitted, request, { state, lease: null }, async () => {});
}
