/** The dry run of a job that runs code. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { CodeJobName } from '../../domain/jobs/codeJobs.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { fitToCompanionApp } from '../fitMappings.ts';
import { codeJobPlanOf } from '../jobs/codeJobs.ts';
import { meteredPorts } from '../run/runScope.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { Plan } from './planRuns.ts';

/**
 * What the job would do now; nothing is written. Raises SyncFailure `dry-run-unavailable` for a job whose steps follow from
 * what its earlier steps wrote.
 */
export async function planCodeJob(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  job: CodeJobName,
): Promise<Plan> {
  const planned = codeJobPlanOf(job);
  if (!planned) {
    const message = `The job ${job} has no dry run: what it does next follows from what it wrote before.`;
    throw new SyncFailure({ kind: 'config', code: 'dry-run-unavailable', message });
  }
  const { ports: metered, meters } = meteredPorts(ports);
  const fitted = await fitToCompanionApp(metered, mappings);
  const plan = await planned({ ports: metered, mappings: fitted });
  const requests = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  return { ...plan, requests };
}
