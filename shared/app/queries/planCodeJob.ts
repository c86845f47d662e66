/** The dry run of a job that runs code. */
import type { CodeJobName } from '../../domain/jobs/codeJobs.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { fitToCompanionApp } from '../fitMappings.ts';
import { codeJobPlanOf } from '../jobs/codeJobs.ts';
import { jobNotFound } from '../jobs/requestRuns.ts';
import { meteredPorts } from '../run/runScope.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { Plan } from './planRuns.ts';

/** What the job would do now; nothing is written. Raises SyncFailure `job-not-found` for one that this version has no code of. */
export async function planCodeJob(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  job: CodeJobName,
): Promise<Plan> {
  const planned = codeJobPlanOf(job);
  if (!planned) throw jobNotFound(job);
  const { ports: metered, meters } = meteredPorts(ports);
  const fitted = await fitToCompanionApp(metered, mappings);
  const plan = await planned({ ports: metered, mappings: fitted });
  const requests = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  return { ...plan, requests };
}
