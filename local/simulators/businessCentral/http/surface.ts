/** The HTTP surface: counts, faults, identity, limits, latency, then the operation. */
import { type AdminSubjects, handleAdminRequest } from '../../common/adminEndpoints.ts';
import { handleUnderFaults, waitMs } from '../../common/faults.ts';
import { bearerIdentity } from '../../common/identity.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../common/server.ts';
import type { Environment } from '../environment.ts';
import type { Route } from '../schema/entityModel.ts';
import { errorBody, ServiceError } from '../serviceError.ts';
import { splitRoute } from './address.ts';
import { type BatchHost, runBatch } from './batch.ts';
import type { LimitGate } from './limitGate.ts';
import { operate } from './operate.ts';
import { jsonResult, type Operation, type OperationResult } from './operation.ts';
import { isSubscriptionOperation, operateSubscriptions } from './subscriptions.ts';

/** What the surface works with. */
export interface SurfaceOptions extends AdminSubjects {
  readonly environment: Environment;
  readonly gate: LimitGate | null;
  readonly latencyMs: number;
  newCorrelationId(): string;
}

/** The set an operation is about, for the request counters. */
function countedName(path: string): string {
  const names = path
    .split('/')
    .filter(Boolean)
    .map((segment) => decodedName(segment));
  const [first, ...rest] = names;
  const inCompany = first === 'companies' && rest.length > 0 ? rest : names;
  const name = inCompany.filter((each) => each !== '$count').at(-1) ?? 'serviceDocument';
  return name.startsWith('Microsoft.NAV.') ? `${inCompany[0]}/${name.slice(14)}` : name;
}

function decodedName(segment: string): string {
  return segment.replace(/(\(|%28).*$/i, '');
}

/** Handles requests of the simulator's server. */
export class Surface {
  readonly #options: SurfaceOptions;
  readonly #host: BatchHost;

  constructor(options: SurfaceOptions) {
    this.#options = options;
    this.#host = {
      environment: options.environment,
      correlationId: () => options.newCorrelationId(),
      waiting: (operation) => this.#waiting(operation),
      count: (operation) =>
        options.requests.countBatchOperation(operation.method, countedName(operation.path)),
    };
  }

  async handle(request: SimulatorRequest): Promise<SimulatorResponse> {
    const admin = await handleAdminRequest(request, this.#options);
    if (admin) return admin;
    const address = splitRoute(request.path);
    this.#options.requests.countRequest(request.method, countedName(address?.rest ?? 'other'));
    return handleUnderFaults(this.#options.faults, request, (passed) => this.#answer(passed, address));
  }

  async #answer(
    request: SimulatorRequest,
    address: ReturnType<typeof splitRoute>,
  ): Promise<SimulatorResponse> {
    try {
      const user = bearerIdentity(request);
      if (user === null) {
        throw new ServiceError(
          401,
          'Authentication_InvalidCredentials',
          'The server has rejected the client credentials.',
        );
      }
      if (!address) {
        throw new ServiceError(404, 'BadRequest_ResourceNotFound', `There is nothing at ${request.path}.`);
      }
      const operation = operationOf(request, address, user);
      return await this.#limited(user, () => this.#perform(operation));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return jsonResult(error.status, errorBody(error, this.#options.newCorrelationId()), error.headers);
    }
  }

  #limited(user: string, work: () => Promise<OperationResult>): Promise<OperationResult> {
    const { gate, latencyMs } = this.#options;
    const slow = async () => {
      if (latencyMs > 0) await waitMs(latencyMs);
      return work();
    };
    return gate ? gate.run(user, slow) : slow();
  }

  async #perform(operation: Operation): Promise<OperationResult> {
    if (operation.path === '$batch') return runBatch(this.#host, operation);
    return this.#waiting(operation) ?? operate(this.#options.environment, operation);
  }

  #waiting(operation: Operation): Promise<OperationResult> | null {
    return isSubscriptionOperation(operation)
      ? operateSubscriptions(this.#options.environment, operation)
      : null;
  }
}

function operationOf(
  request: SimulatorRequest,
  address: { readonly prefix: string; readonly route: Route; readonly rest: string },
  user: string,
): Operation {
  return {
    method: request.method,
    route: address.route,
    routeUrl: `${request.url.origin}${address.prefix}/api/${address.route}`,
    path: address.rest,
    parameters: request.url.searchParams,
    headers: request.headers,
    body: request.body,
    user,
  };
}
