/** The run of a job that has no mapping: lease, code, state, release. */
import { mappingName } from '../../domain/common/ids.ts';
import { shift } from '../../domain/common/instants.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { fitToCompanionApp, tellOnce } from '../fitMappings.ts';
import { releaseLease, takeLease } from '../run/lease.ts';
import { meteredPorts } from '../run/runScope.ts';
import type { MappingRunResult } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { CodeJob } from './codeJob.ts';

/**
 * Runs the job under its own lease; what it wants remembered is written with the release, and not at all when it raises.
 * Raises what the job raises. Safe to repeat as far as the job is.
 */
export async function runCodeJob(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
  job: CodeJob,
): Promise<MappingRunResult> {
  const metered = meteredPorts(ports);
  const { meters } = metered;
  const held = await takeLease(ports, mappingName(run.job), run.runId);
  if (held === null) return { status: 'busy' };
  let after: MappingState = held.state;
  try {
    const sliceEnd = shift(ports.clock.now(), ports.policy.sliceMs);
    const fitted = await fitToCompanionApp(metered.ports, mappings);
    const result = await job({ ports: metered.ports, meters, mappings: fitted, run, lease: held, sliceEnd });
    if (result.status === 'busy') return result;
    after = { ...held.state, ...result.state };
    if (result.status === 'paused') return { status: 'paused' };
    const requests = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
    const { syncJobs, shortcomings = [] } = result;
    tellOnce(ports, shortcomings);
    return { status: 'done', syncJobs, plan: [], requests, shortcomings };
  } finally {
    await releaseLease(ports, held, after);
  }
}
