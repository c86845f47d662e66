/**
 * A local Dataverse organisation with Dynamics 365 Sales, spoken to over HTTP as the Web API (dataverse-web-api).
 *
 * Not simulated: FetchXml and `$apply`; alternate keys (the sales tables ship without); depths of privileges, roles of
 * teams; duplicate detection rules; plug-ins, flows, webhooks; the recycle bin; roll-up columns; state
 * actions but those of orders and quotes; recalculation of line prices when the price list of a header changes;
 * tables outside the reference. A token text that matches no user becomes a new user without licence on first use.
 */
import { handleAdminRequest } from '../common/adminEndpoints.ts';
import { createSimulatorClock, type SimulatorClock } from '../common/clock.ts';
import { FaultPlan, handleUnderFaults, waitMs } from '../common/faults.ts';
import { RequestCounter } from '../common/requestCounter.ts';
import { type SimulatorRequest, type SimulatorResponse, startHttpServer } from '../common/server.ts';
import { createOrganisation } from './createOrganisation.ts';
import type { DemoDataverseData } from './demoData.ts';
import { carryOut, countedName, resourceOf, type ServiceParts, underLimits } from './http/serve.ts';
import { type ProtectionLimitOptions, ProtectionLimits } from './protectionLimits.ts';
import { ResultCache } from './query/resultCache.ts';
import { takeSnapshot } from './snapshot.ts';
import { type UserActions, userActions } from './userActions.ts';

/** How to start the simulator; everything has a default. */
export interface DataverseSimulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
  /** Real time when absent. */
  readonly clock?: SimulatorClock;
  /** Ids and number suffixes repeat for the same seed. Default 1. */
  readonly seed?: number;
  /** Null or absent: an empty organisation. */
  readonly data?: DemoDataverseData | null;
  /** What an earlier `snapshot()` gave; wins over `data`. */
  readonly snapshot?: object | null;
  /** Simulated time per operation; a request waits this long. Default 0. */
  readonly latencyMs?: number;
  /** Service protection limits; null turns them off, absent means the documented ones. */
  readonly limits?: ProtectionLimitOptions | null;
  /** Logical names of tables whose change tracking is off. */
  readonly changeTrackingDisabled?: readonly string[];
  /** Logical names of tables whose solution is not installed; lookups to them are missing, too. */
  readonly withoutTables?: readonly string[];
}

/** A simulator that listens, with ways to act on it from inside the process. */
export interface RunningDataverseSimulator extends UserActions {
  /** `http://host:port`; the Web API is below `/api/data/v9.2`. */
  readonly url: string;
  readonly port: number;
  /** Reaches it from its own process without a socket; see directFetch. */
  readonly fetch: typeof fetch;
  readonly clock: SimulatorClock;
  readonly requests: RequestCounter;
  readonly faults: FaultPlan;
  /** The whole state as plain JSON. */
  snapshot(): object;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Starts the simulator. Rejects with one clear line when the port is in use. */
export async function startDataverseSimulator(
  options: DataverseSimulatorOptions = {},
): Promise<RunningDataverseSimulator> {
  const ownClock = options.clock ? null : createSimulatorClock();
  const clock = options.clock ?? ownClock ?? createSimulatorClock();
  const organisation = createOrganisation({
    clock,
    seed: options.seed ?? 1,
    data: options.data ?? null,
    snapshot: options.snapshot ?? null,
    changeTrackingDisabled: options.changeTrackingDisabled ?? [],
    withoutTables: options.withoutTables ?? [],
  });
  const faults = new FaultPlan();
  const parts: ServiceParts = {
    organisation,
    cache: new ResultCache(),
    requests: new RequestCounter(),
    limits: options.limits === null ? null : new ProtectionLimits(clock, options.limits ?? {}),
    latencyMs: options.latencyMs ?? 0,
  };
  const server = await startHttpServer({
    port: options.port ?? 0,
    ...(options.host === undefined ? {} : { host: options.host }),
    handle: (request) => handle(parts, faults, request),
  });
  return {
    url: server.url,
    port: server.port,
    fetch: server.fetch,
    clock,
    requests: parts.requests,
    faults,
    snapshot: () => takeSnapshot(organisation),
    close: async () => {
      ownClock?.stop();
      await server.close();
    },
    ...userActions(organisation),
  };
}

async function handle(
  parts: ServiceParts,
  faults: FaultPlan,
  request: SimulatorRequest,
): Promise<SimulatorResponse> {
  const { requests, organisation } = parts;
  const admin = await handleAdminRequest(request, { requests, clock: organisation.clock, faults });
  if (admin) return admin;
  requests.countRequest(request.method, countedName(resourceOf(request.path)?.resource ?? request.path));
  return underLimits(parts, request, () =>
    handleUnderFaults(faults, request, async () => {
      if (parts.latencyMs > 0) await waitMs(parts.latencyMs);
      return carryOut(parts, request);
    }),
  );
}
