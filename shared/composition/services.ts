/** The two services behind their ports, each on one transport that all runs of the process share. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  createBusinessCentral,
  createChangeSubscriptions,
} from '../adapters/businessCentral/businessCentral.ts';
import { businessCentralRules, readErrorBody } from '../adapters/businessCentral/errors.ts';
import { createDataverse } from '../adapters/dataverse/dataverse.ts';
import { createDataverseTransport } from '../adapters/dataverse/dataverseTransport.ts';
import { defaultRetryPolicy } from '../adapters/http/retryPolicy.ts';
import { azureToken, staticToken, type TokenSource } from '../adapters/http/tokens.ts';
import { createTransport } from '../adapters/http/transport.ts';
import { toEpochMs } from '../domain/common/instants.ts';
import type { BusinessCentral } from '../ports/businessCentral.ts';
import type { ChangeSubscriptions } from '../ports/changeSubscriptions.ts';
import type { Dataverse } from '../ports/dataverse.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { ServiceSettings, Settings } from './settings.ts';

/** Requests Business Central works on at once for one user; more would queue there (business-central-api section 6). */
const businessCentralConcurrency = 5;

/** Well under the 52 Dataverse allows a user at once (dataverse-web-api section 15), so that people's work fits beside. */
const dataverseConcurrency = 16;

const businessCentralScope = 'https://api.businesscentral.dynamics.com/.default';

interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
}

/** Business Central as the settings say, its records and its subscriptions. Sends nothing yet. */
export function openBusinessCentral(
  settings: Settings,
  surroundings: Surroundings,
): { readonly businessCentral: BusinessCentral; readonly subscriptions: ChangeSubscriptions } {
  const { url, company } = settings.businessCentral;
  const common = transportBasics(settings.businessCentral, businessCentralScope, surroundings);
  const transport = createTransport({
    ...common,
    name: 'Business Central',
    rules: businessCentralRules,
    readErrorBody,
    concurrency: businessCentralConcurrency,
    defaultHeaders: {},
    allowedOrigin: url,
  });
  const { log, now } = common;
  const options = { baseUrl: url, company, transport, log, now };
  return {
    businessCentral: createBusinessCentral(options),
    subscriptions: createChangeSubscriptions(options),
  };
}

/** Dataverse as the settings say. Sends nothing yet. */
export function openDataverse(settings: Settings, surroundings: Surroundings): Dataverse {
  const { url } = settings.dataverse;
  const scope = `${new URL(url).origin}/.default`;
  const common = transportBasics(settings.dataverse, scope, surroundings);
  const transport = createDataverseTransport({ ...common, baseUrl: url, concurrency: dataverseConcurrency });
  const { log, now } = common;
  return createDataverse({ baseUrl: url, transport, log, now });
}

/** The app's clock, not the machine's, since a service's Retry-After may be a date on a clock moved with it. */
function transportBasics(service: ServiceSettings, scope: string, { clock, log }: Surroundings) {
  return {
    tokens: tokensOf(service, scope),
    retry: defaultRetryPolicy,
    now: () => toEpochMs(clock.now()),
    sleep: (ms: number) => pause(ms),
    random: Math.random,
    log,
  };
}

function tokensOf(service: ServiceSettings, scope: string): TokenSource {
  return service.accessToken === null ? azureToken(scope) : staticToken(service.accessToken);
}
