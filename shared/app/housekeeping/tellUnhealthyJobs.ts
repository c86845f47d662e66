/** Tells once an hour which jobs are late, stuck or in error, so that an alert can be set on it. */
import { healthReport } from '../queries/healthReport.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Logs each job that has a problem, with how far it is behind; writes nothing else. Raises SyncFailure when the storage fails. */
export async function tellUnhealthyJobs(ports: SyncPorts): Promise<void> {
  const { jobs } = await healthReport(ports, ports.policy.disabledJobs);
  for (const { job, status, problems, lagSeconds, backlog } of jobs) {
    if (problems.length === 0) continue;
    ports.log('warning', 'job-unhealthy', { job, status, problems, lagSeconds, backlog });
  }
}
