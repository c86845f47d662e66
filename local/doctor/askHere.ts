/** Tests the connections from this machine, with the settings and the credentials found here. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { connectionEndpoints } from '../../functions/api/connection.ts';
import { createComposition } from '../../shared/composition/composition.ts';
import { connectPorts } from '../../shared/composition/ports.ts';
import { type Environment, parseSettings } from '../../shared/composition/settings.ts';
import { StartError } from '../start/startError.ts';
import { connectionTestSchema, type DoctorReport, doctorReport, settingsReport } from './report.ts';

/** The request that the API would get; nothing of it is read. */
const request = {
  url: 'http://localhost/api/connection/test',
  headers: { get: () => null },
  params: {},
  arrayBuffer: async () => new ArrayBuffer(0),
};

/** Does what `POST /api/connection/test` does, in this process; writes nothing to either service. Raises SyncFailure. */
export async function askHere(environment: Environment): Promise<DoctorReport> {
  const settings = parseSettings(environment);
  if (!settings.ok) return settingsReport(settings.problems);
  const waiting = { pause: (ms: number) => pause(ms), elapsedMs: () => performance.now() };
  const composition = createComposition(settings, connectPorts, waiting);
  try {
    const test = connectionEndpoints.find(({ name }) => name === 'connection-test');
    if (test === undefined) throw new StartError(['There is no test of the connection.']);
    const { body } = await test.answer(composition, request);
    return doctorReport(connectionTestSchema.parse(body));
  } finally {
    await composition.close();
  }
}
