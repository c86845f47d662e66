/** A host in virtual time: the app's triggers on the clock of the simulators, and runs that take a while. */
import { Buffer } from 'node:buffer';
import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { receiveMessage } from '../../functions/messages/receiveMessage.ts';
import { businessCentralReceiver } from '../../functions/notifications/businessCentral.ts';
import { dataverseReceiver } from '../../functions/notifications/dataverse.ts';
import { type HttpServer, startHttpServer } from '../../local/simulators/common/server.ts';
import { keepHouse } from '../../shared/app/housekeeping/keepHouse.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { createSubscriptionKeeper } from '../../shared/app/subscriptions/keepSubscriptions.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { type Composition, createComposition } from '../../shared/composition/composition.ts';
import { parseSettings } from '../../shared/composition/settings.ts';
import { fakeProbes } from '../../shared/composition/testing/fakeServices.ts';
import { validEnvironment } from '../../shared/composition/testing/validSettings.ts';
import { somePolicy } from '../builders/policy.ts';
import type { World } from '../engine/world.ts';
import { Activity } from './activity.ts';
import { virtualQueue } from './virtualQueue.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const secret = 'a secret of more than twenty characters';

/** A notification as it was sent, one entry of it, and whether it reached the app. */
export interface ToldEntry {
  readonly atMs: number;
  readonly entitySet: string;
  readonly changedAtMs: number;
  readonly changeType: string;
  readonly isLost: boolean;
}

export interface VirtualHostOptions {
  /** From 0 to 1, drawn anew at each call; how long runs take, and which notifications get lost. */
  readonly random: () => number;
  /** Share of notifications that never reach the app. */
  readonly lossShare: number;
  readonly tickMinutes: number;
}

export interface VirtualHost {
  readonly composition: Composition;
  readonly told: readonly ToldEntry[];
  /** Names of the events the app logged, with their number. */
  readonly events: ReadonlyMap<string, number>;
  /** The job of every run that began, by its run id. */
  readonly started: ReadonlyMap<string, string>;
  /** What a trigger raised; empty when all went well. */
  readonly failures: readonly unknown[];
  /** Tells the app of a changed row, as the webhook of Dataverse does; `wakes` is WAKE_ON_DATAVERSE_CHANGE (J-71). */
  tellOfRow(table: string, userId: string, wakes: boolean): Promise<void>;
  /** Looks at the subscriptions at once, as the first tick of a process does. */
  keepSubscriptions(): Promise<void>;
  /** Begins to fire timers. */
  startTimers(): void;
  close(): Promise<void>;
}

/** Starts the host over a world whose clock only the test moves. */
export async function startVirtualHost(world: World, options: VirtualHostOptions): Promise<VirtualHost> {
  const { clock } = world.businessCentral;
  const activity = new Activity(clock);
  const events = new Map<string, number>();
  const started = new Map<string, string>();
  const ports: SyncPorts = {
    ...world.ports,
    ...slowServices(world.ports, () => activity.sleep(durationMs(options.random))),
    queue: virtualQueue(clock, (item) => activity.begin(() => receiveMessage(composition, item, context()))),
    log: (_level, event, { runId, job }) => {
      events.set(event, (events.get(event) ?? 0) + 1);
      if (event === 'job-started') started.set(String(runId), String(job));
    },
    policy: somePolicy,
  };
  const composition = compositionOver(world, ports, false);
  const wakeful = compositionOver(world, ports, true);
  const told: ToldEntry[] = [];
  const receiver = await startReceiver(world, composition, options, told);
  const keep = createSubscriptionKeeper();
  const keepSubscriptions = async () => {
    const { subscriptions, mappings } = await composition.open();
    const notificationUrl = `${receiver.url}/api/notifications/business-central`;
    await keep({ ports, mappings, subscriptions }, { notificationUrl, clientState: secret });
  };
  const scheduled = world.mappings.filter(({ job }) => job !== null);
  const tick = async () => {
    for (const { name } of scheduled) await tickJob(ports, name);
  };
  const house = async () => keepHouse(ports, (await composition.open()).mappings, 30);
  const every = (ms: number, offsetMs: number, work: () => Promise<void>): void => {
    const next = Math.floor((clock.now() - offsetMs) / ms + 1) * ms + offsetMs;
    clock.schedule(next, () => {
      every(ms, offsetMs, work);
      return activity.begin(work);
    });
  };
  return {
    composition,
    told,
    events,
    started,
    failures: activity.failures,
    keepSubscriptions,
    tellOfRow: async (table, userId, wakes) => {
      const change = { PrimaryEntityName: table, MessageName: 'Update', InitiatingUserId: userId };
      await post(dataverseReceiver(wakes ? wakeful : composition), JSON.stringify(change));
    },
    startTimers: () => {
      every(options.tickMinutes * minuteMs, 0, tick);
      every(hourMs, 0, keepSubscriptions); // at other ticks it does nothing
      every(hourMs, 17 * minuteMs, house);
    },
    close: () => receiver.close(),
  };
}

/** Mostly some seconds, now and then minutes: so runs meet ticks, edits, notifications and each other. */
function durationMs(random: () => number): number {
  return Math.round(random() < 0.05 ? 60_000 + random() * 180_000 : 500 + random() * 15_000);
}

function slowServices(
  { businessCentral, dataverse }: SyncPorts,
  sleep: () => Promise<void>,
): Pick<SyncPorts, 'businessCentral' | 'dataverse'> {
  const slow = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const original = Reflect.get(target, name);
        if (typeof original !== 'function') return original;
        if (name === 'metered')
          return (meter: unknown) => slow(Reflect.apply(original, target, [meter]) as Port);
        if (name !== 'readChanges') return original.bind(target);
        return async (...input: unknown[]) => {
          await sleep();
          return Reflect.apply(original, target, input);
        };
      },
    });
  return { businessCentral: slow(businessCentral), dataverse: slow(dataverse) };
}

function compositionOver(world: World, ports: SyncPorts, wakeOnDataverseChange: boolean): Composition {
  const environment = {
    ...validEnvironment,
    NOTIFICATION_URL: 'https://sync.example',
    NOTIFICATION_SECRET: secret,
    WAKE_ON_DATAVERSE_CHANGE: String(wakeOnDataverseChange),
  };
  const connection = {
    ports,
    mappingFiles: { read: async () => ({ files: [], unreadable: [] }) },
    prepare: async () => {},
    close: async () => {},
    subscriptions: world.subscriptions,
    probes: fakeProbes,
  };
  return createComposition(parseSettings(environment), () => connection, {
    pause: async () => {},
    elapsedMs: () => 0,
  });
}

/** The public address of the app; what gets lost is answered as if it had arrived. */
function startReceiver(
  { businessCentral: { clock } }: World,
  composition: Composition,
  { random, lossShare }: VirtualHostOptions,
  told: ToldEntry[],
): Promise<HttpServer> {
  return startHttpServer({
    port: 0,
    handle: async ({ url, body }) => {
      const token = url.searchParams.get('validationToken');
      if (token !== null) return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: token };
      const isLost = random() < lossShare;
      told.push(...entriesOf(body, clock.now(), isLost));
      if (isLost) return { status: 202 };
      const { status = 500 } = await post(businessCentralReceiver(composition), body);
      return { status };
    },
  });
}

function entriesOf(body: string, atMs: number, isLost: boolean): readonly ToldEntry[] {
  const { value } = JSON.parse(body) as { value: readonly Record<string, string>[] };
  return value.map(({ resource = '', lastModifiedDateTime = '', changeType = '' }) => ({
    ...{ atMs, changeType, isLost },
    entitySet: /\/(\w+)\([^/]*\)$/.exec(resource)?.[1] ?? resource,
    changedAtMs: Date.parse(lastModifiedDateTime),
  }));
}

type Receiver = ReturnType<typeof businessCentralReceiver>;

async function post(receiver: Receiver, body: string): Promise<HttpResponseInit> {
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://sync.example/api/notifications',
    body: { bytes: Buffer.from(body) },
  });
  return (await receiver(request, context())) as HttpResponseInit;
}

function context(): InvocationContext {
  return new InvocationContext({ functionName: 'simulation', logHandler: () => {} });
}
