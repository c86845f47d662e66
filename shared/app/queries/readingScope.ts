/** The scope of a run, for questions: it plans and reads, and writes nothing. */
import type { TableMapping } from '../../domain/mappings/model.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import { openRunScope, type RunRequest, type RunScope } from '../run/runScope.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Raises SyncFailure when a connection or the mapping does not work. */
export async function openReadingScope(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  change: Partial<RunRequest> = {},
): Promise<RunScope> {
  const run = { runId: ports.ids.runId(ports.clock.now()), trigger: 'action' } as const;
  const { state } = await ports.mappings.get(mapping.name);
  const request = { ...runRequestFor(mapping, run, true), ...change };
  return openRunScope(ports, mappings, mapping, request, { state, lease: null }, async () => {});
}
