/**
 * The local Business Central simulator: API v2.0, the companion pages and webhooks of one environment.
 *
 * Not done: the token endpoint (the bearer token text is the user), `entityDefinitions`, the automation API,
 * pictures, attachments, dimensions, PDF documents, multipart batches, `$expand` below one level, credit memos,
 * partial shipping, e-mails, stock movements behind a posting (those of users have ledger entries), customer ledger
 * entries (payments change what is left of their invoice), quantity on sales orders,
 * data inherited by a person from its company, tax areas and posting groups (accepted unchecked). Orders have
 * one row behind `salesOrders` and `salesOrderExtras`, so the buffer also shows changes it would not see.
 */
import { createSimulatorClock, type SimulatorClock } from '../common/clock.ts';
import { FaultPlan } from '../common/faults.ts';
import { seededGuid, seededRandom } from '../common/random.ts';
import { RequestCounter } from '../common/requestCounter.ts';
import { startHttpServer } from '../common/server.ts';
import type { DemoBusinessCentralData } from './demoData.ts';
import type { Environment } from './environment.ts';
import { type BusinessCentralLimits, documentedLimits, LimitGate } from './http/limitGate.ts';
import { Surface } from './http/surface.ts';
import { openDatabase } from './openDatabase.ts';
import { takeSnapshot } from './snapshot.ts';
import { createUserActions, type UserActions } from './userActions.ts';
import { Notifier } from './webhooks/notifier.ts';

/** How the simulator starts. Times are milliseconds. */
export interface BusinessCentralSimulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly clock?: SimulatorClock;
  readonly seed?: number;
  /** Null or absent: an empty company `My Company`. */
  readonly data?: DemoBusinessCentralData | null;
  /** Starts from an earlier state; `data` is then ignored. */
  readonly snapshot?: object;
  readonly latencyMs?: number;
  /** Null is off; absent parts take the documented value. */
  readonly limits?: Partial<BusinessCentralLimits> | null;
  /** False: the companion route answers 404, as when the extension is not installed. */
  readonly companionApp?: boolean;
  /** Sets of the standard route that answer 404, such as `itemLedgerEntries`. */
  readonly withoutSets?: readonly string[];
  /** Offers the sets and properties of the schema file and nothing else. Default false. */
  readonly onlyReference?: boolean;
  readonly webhookDelayMs?: number;
  readonly collectionThreshold?: number;
  /** Cuts timestamps down to multiples of `widthMs`, so that many rows share one. */
  readonly tieGenerator?: { readonly widthMs: number } | null;
}

/** A simulator that listens. The user actions work on the main company. */
export interface RunningBusinessCentralSimulator extends UserActions {
  /** The environment root: append `/api/v2.0` and the other routes. */
  readonly url: string;
  readonly port: number;
  /** Reaches it from its own process without a socket; see directFetch. */
  readonly fetch: typeof fetch;
  readonly clock: SimulatorClock;
  readonly requests: RequestCounter;
  readonly faults: FaultPlan;
  /** The main company: the demo company, or `My Company`. */
  readonly companyId: string;
  snapshot(): object;
  /** Safe to call twice. */
  close(): Promise<void>;
}

const defaultSeed = 1;

function gateOf(options: BusinessCentralSimulatorOptions, clock: SimulatorClock): LimitGate | null {
  if (options.limits === null) return null;
  return new LimitGate({ ...documentedLimits, ...options.limits }, clock);
}

function notify(environment: Environment, options: BusinessCentralSimulatorOptions): void {
  const { database, subscriptions } = environment;
  const notifier = new Notifier({
    clock: database.clock,
    subscriptions,
    delayMs: options.webhookDelayMs ?? 30_000,
    collectionThreshold: options.collectionThreshold ?? 1_000,
    newGuid: () => database.newGuid(),
  });
  notifier.listenTo(database);
}

/** Starts the simulator. Rejects when the port is in use, or when data or snapshot are not valid. */
export async function startBusinessCentralSimulator(
  options: BusinessCentralSimulatorOptions = {},
): Promise<RunningBusinessCentralSimulator> {
  const ownClock = options.clock ? null : createSimulatorClock();
  const clock = options.clock ?? ownClock ?? createSimulatorClock();
  const seed = options.seed ?? defaultSeed;
  const { database, subscriptions, main } = openDatabase({
    clock,
    seed,
    tieWidthMs: options.tieGenerator?.widthMs ?? 0,
    data: options.data ?? null,
    snapshot: options.snapshot ?? null,
  });
  const environment: Environment = {
    database,
    subscriptions,
    companionApp: options.companionApp ?? true,
    withoutSets: options.withoutSets ?? [],
    onlyReference: options.onlyReference ?? false,
  };
  notify(environment, options);
  const correlation = seededRandom(seed + 1);
  const [requests, faults] = [new RequestCounter(), new FaultPlan()];
  const surface = new Surface({
    environment,
    clock,
    requests,
    faults,
    gate: gateOf(options, clock),
    latencyMs: options.latencyMs ?? 0,
    newCorrelationId: () => seededGuid(correlation),
  });
  const server = await startHttpServer({
    port: options.port ?? 0,
    ...(options.host ? { host: options.host } : {}),
    handle: (request) => surface.handle(request),
  });
  return {
    ...createUserActions(environment, main),
    url: `${server.url}/v2.0/local/production`,
    port: server.port,
    fetch: server.fetch,
    clock,
    requests,
    faults,
    companyId: main.info.id,
    snapshot: () => takeSnapshot(database, subscriptions),
    close: () => {
      ownClock?.stop();
      return server.close();
    },
  };
}
