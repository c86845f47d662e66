/** State, test and switch of both connections (A-89 to A-91, E-10). */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { switchIntegration } from '../../shared/app/jobs/integrationSwitch.ts';
import { type ConnectionReport, connectionReport } from '../../shared/app/queries/connectionReport.ts';
import { type ConnectionTest, testConnection } from '../../shared/app/queries/connectionTest.ts';
import type { Foundations } from '../../shared/app/queries/foundationChecks.ts';
import { mappingFilesCheck } from '../../shared/app/queries/mappingFilesCheck.ts';
import type { OpenApp } from '../../shared/composition/composition.ts';
import type { IntegrationState } from '../../shared/domain/jobs/integrationState.ts';
import { ApiError } from '../http/apiError.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';
import { businessCentralNotificationRoute } from '../notifications/routes.ts';
import { connection, integrationSwitch } from './answers/connection.ts';

const read = endpoint({
  name: 'connection-read',
  method: 'GET',
  route: 'api/connection',
  query: {},
  answers: { 200: connection },
  handle: async (app) => {
    const opened = await app.open();
    const { state } = await opened.ports.jobs.integration();
    return ok(await view(opened, await connectionReport(opened.ports, opened.mappings), state));
  },
});

const test = endpoint({
  name: 'connection-test',
  method: 'POST',
  route: 'api/connection/test',
  query: {},
  changesNothing: true,
  answers: { 200: connection },
  handle: async (app) => {
    const opened = await app.open();
    const { state } = await opened.ports.jobs.integration();
    return ok(
      await view(opened, await testConnection(opened.ports, opened.mappings, foundationsOf(opened)), state),
    );
  },
});

const enable = endpoint({
  name: 'connection-enable',
  method: 'POST',
  route: 'api/connection/enable',
  query: {},
  answers: { 200: connection },
  handle: async (app, { user }) => {
    const opened = await app.open();
    const report = await connectionReport(opened.ports, opened.mappings);
    refuseUnreachable(report);
    const wanted = { enabled: true, changedBy: user, reason: '' };
    return ok(await view(opened, report, await switchIntegration(opened.ports, wanted)));
  },
});

const longestReason = 500;

const disable = endpoint({
  name: 'connection-disable',
  method: 'POST',
  route: 'api/connection/disable',
  query: {},
  body: z.strictObject({
    reason: z.string().max(longestReason, `must have at most ${longestReason} characters`).default(''),
  }),
  answers: { 200: integrationSwitch },
  handle: async (app, { user, body }) => {
    // Disabling must work when neither service answers, so neither is asked.
    const { ports } = await app.open();
    const wanted = { enabled: false, changedBy: user, reason: body.reason };
    return ok(await switchIntegration(ports, wanted));
  },
});

/** Reading, testing and switching both connections. */
export const connectionEndpoints: readonly Endpoint[] = [read, test, enable, disable];

/** What a test looks at beside both services; the token of the handshake is of this test alone. */
function foundationsOf({ settings, probes, subscriptions }: OpenApp): Foundations {
  const base = settings.notification?.url ?? null;
  const notificationUrl = base === null ? null : `${base}/${businessCentralNotificationRoute}`;
  return { probes, subscriptions, notificationUrl, token: randomUUID() };
}

async function view(
  { settings, catalog }: OpenApp,
  report: ConnectionReport | ConnectionTest,
  state: IntegrationState,
) {
  const more = 'checks' in report ? report.checks : [];
  return {
    ...state,
    businessCentral: { url: settings.businessCentral.url, ...report.businessCentral },
    dataverse: { url: settings.dataverse.url, ...report.dataverse },
    checks: [mappingFilesCheck(await catalog.current()), ...more],
  };
}

/** A connection that does not work is not switched on. */
function refuseUnreachable({ businessCentral, dataverse }: ConnectionReport): void {
  const of = (target: string, { reachable, checks }: ConnectionReport['dataverse' | 'businessCentral']) =>
    reachable
      ? []
      : checks
          .filter(({ outcome }) => outcome === 'failed')
          .map(({ name, message, whatToDo }) => ({
            code: 'connection-check-failed',
            message: `${message} ${whatToDo}`,
            target: `${target}.${name}`,
          }));
  const details = [...of('businessCentral', businessCentral), ...of('dataverse', dataverse)];
  if (details.length === 0) return;
  const message = 'The connection does not work, so it stays as it is; see details.';
  throw new ApiError({ status: 409, code: 'connection-check-failed', message, details });
}
