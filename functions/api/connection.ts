/** State and checks of both connections. */
import { connectionReport } from '../../shared/app/queries/connectionReport.ts';
import { mappingFilesCheck } from '../../shared/app/queries/mappingFilesCheck.ts';
import { type Endpoint, endpoint, ok } from '../http/endpoint.ts';

const read = endpoint({
  name: 'connection-read',
  method: 'GET',
  route: 'api/connection',
  query: {},
  handle: async (app) => {
    const { ports, settings, mappings, catalog } = await app.open();
    const report = await connectionReport(ports, mappings);
    return ok({
      businessCentral: { url: settings.businessCentral.url, ...report.businessCentral },
      dataverse: { url: settings.dataverse.url, ...report.dataverse },
      checks: [mappingFilesCheck(await catalog.current())],
    });
  },
});

/** State of both connections. */
export const connectionEndpoints: readonly Endpoint[] = [read];
