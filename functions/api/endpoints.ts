/** Every endpoint of the HTTP API, by resource. */
import type { Endpoint } from '../http/endpoint.ts';
import { auditEndpoints } from './audit.ts';
import { connectionEndpoints } from './connection.ts';
import { coupledDataErrorActionEndpoints } from './coupledDataErrorActions.ts';
import { coupledDataErrorEndpoints } from './coupledDataErrors.ts';
import { couplingActionEndpoints } from './couplingActions.ts';
import { couplingEndpoints } from './couplings.ts';
import { fullSyncEndpoints } from './fullSync.ts';
import { healthEndpoints } from './health.ts';
import { itemAvailabilityEndpoints } from './itemAvailability.ts';
import { jobEndpoints } from './jobs.ts';
import { mappingActionEndpoints } from './mappingActions.ts';
import { openApiEndpoint } from './openApi.ts';
import { reconciliationEndpoints } from './reconciliation.ts';
import { recordActionEndpoints } from './recordActions.ts';
import { recordViewEndpoints } from './recordViews.ts';
import { syncErrorEndpoints } from './syncErrors.ts';
import { syncJobEndpoints } from './syncJobs.ts';
import { tableMappingEndpoints } from './tableMappings.ts';

const resourceEndpoints: readonly Endpoint[] = [
  ...jobEndpoints,
  ...tableMappingEndpoints,
  ...mappingActionEndpoints,
  ...couplingEndpoints,
  ...couplingActionEndpoints,
  ...recordActionEndpoints,
  ...recordViewEndpoints,
  ...reconciliationEndpoints,
  ...coupledDataErrorEndpoints,
  ...coupledDataErrorActionEndpoints,
  ...syncJobEndpoints,
  ...syncErrorEndpoints,
  ...fullSyncEndpoints,
  ...healthEndpoints,
  ...connectionEndpoints,
  ...auditEndpoints,
  ...itemAvailabilityEndpoints,
];

/** In the order in which they are registered; names and addresses are unique. */
export const allEndpoints: readonly Endpoint[] = [...resourceEndpoints, openApiEndpoint(resourceEndpoints)];
