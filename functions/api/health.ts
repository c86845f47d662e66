/** Health of the jobs, for people and for monitors: 200 healthy, 503 not. */
import { z } from 'zod';
import { healthReport } from '../../shared/app/queries/healthReport.ts';
import { InvalidSettings } from '../../shared/composition/settings.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { type Answer, type Endpoint, endpoint } from '../http/endpoint.ts';
import { health, unreadableHealth } from './answers/jobs.ts';

const read = endpoint({
  name: 'health-read',
  method: 'GET',
  route: 'api/health',
  query: {},
  answers: { 200: health, 503: z.union([health, unreadableHealth]) },
  handle: async (app) => {
    try {
      const { ports, settings } = await app.open();
      const report = await healthReport(ports, settings.disabledJobs);
      return { status: report.healthy ? 200 : 503, body: report };
    } catch (error) {
      return unreadable(error);
    }
  },
});

/** Storage that does not answer is ill health, not an error of the question; wrong settings are told in full. */
function unreadable(error: unknown): Answer {
  if (!(error instanceof SyncFailure) || error instanceof InvalidSettings) throw error;
  const { code, message, kind } = error;
  if (kind === 'bug') throw error;
  return { status: 503, body: { healthy: false, jobs: [], problems: [{ code, message }] } };
}

/** Health of the jobs. */
export const healthEndpoints: readonly Endpoint[] = [read];
