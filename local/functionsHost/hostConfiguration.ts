/** Reads host.json (with overrides from the environment, D-23) and local.settings.json. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorMessage, HostStartError } from './errors.ts';
import { parseTimeSpanMs } from './timeSpan.ts';

const overridePrefix = 'azurefunctionsjobhost__';

function timeSpan(minimumMs: number, defaultMs: number) {
  return z
    .string()
    .transform((text, context) => {
      const milliseconds = parseTimeSpanMs(text);
      if (milliseconds !== null && milliseconds >= minimumMs) return milliseconds;
      context.addIssue(`expected a time span hh:mm:ss of at least ${minimumMs} ms, got "${text}"`);
      return z.NEVER;
    })
    .default(defaultMs);
}

// Defaults of the storage queues extension.
const queuesSchema = z.object({
  batchSize: z.coerce.number().int().min(1).max(32).default(16),
  newBatchThreshold: z.coerce.number().int().min(0).optional(),
  maxPollingInterval: timeSpan(100, 60_000),
  visibilityTimeout: timeSpan(0, 0),
  maxDequeueCount: z.coerce.number().int().min(1).default(5),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

// Defaults of the Service Bus extension; an idle session is held for the client's time-out of a minute.
const serviceBusSchema = z.object({
  maxConcurrentSessions: z.coerce.number().int().min(1).default(8),
  sessionIdleTimeout: timeSpan(10, 60_000),
  maxAutoLockRenewalDuration: timeSpan(0, 300_000),
  autoCompleteMessages: z
    .literal(true, 'must be true: the local host completes messages itself')
    .default(true),
});

const hostSchema = z.object({
  version: z.literal('2.0', 'must be "2.0"'),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queuesSchema.prefault({}),
      serviceBus: serviceBusSchema.prefault({}),
    })
    .prefault({}),
});

const localSettingsSchema = z.object({ Values: z.record(z.string(), z.string()).default({}) });

/** Settings of the queue trigger; times in milliseconds. */
export interface QueueSettings {
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxPollingIntervalMs: number;
  readonly visibilityTimeoutMs: number;
  readonly maxDequeueCount: number;
  readonly messageEncoding: 'base64' | 'none';
}

/** Settings of the Service Bus trigger; times in milliseconds. */
export interface ServiceBusSettings {
  readonly maxConcurrentSessions: number;
  /** How long a session without messages is held. */
  readonly sessionIdleTimeoutMs: number;
  /** How long a lock is renewed at most while functions run. */
  readonly maxAutoLockRenewalMs: number;
}

/** What the host takes from host.json. */
export interface HostConfiguration {
  readonly routePrefix: string;
  readonly queues: QueueSettings;
  readonly serviceBus: ServiceBusSettings;
}

function readJson<T>(file: string, schema: z.ZodType<T>, change: (value: unknown) => unknown): T {
  try {
    return schema.parse(change(JSON.parse(readFileSync(file, 'utf8'))));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new HostStartError(`${file} is not valid: ${detail}`, { cause: error });
  }
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: string): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  const key = Object.keys(target).find((known) => known.toLowerCase() === first.toLowerCase()) ?? first;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const child = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  target[key] = child;
  setPath(child, rest, value);
}

function applyOverrides(value: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || !name.toLowerCase().startsWith(overridePrefix)) continue;
    setPath(value as Record<string, unknown>, name.slice(overridePrefix.length).split('__'), text);
  }
  return value;
}

/**
 * Reads host.json of the app folder; `AzureFunctionsJobHost__path__to__value` in the environment overrides it (D-23).
 * Raises HostStartError naming every wrong value.
 */
export function readHostConfiguration(appFolder: string, environment: NodeJS.ProcessEnv): HostConfiguration {
  const file = join(appFolder, 'host.json');
  if (!existsSync(file)) throw new HostStartError(`The app folder ${appFolder} has no host.json.`);
  const host = readJson(file, hostSchema, (value) => applyOverrides(value, environment));
  const { queues, serviceBus, http } = host.extensions;
  return {
    routePrefix: http.routePrefix.replace(/^\/+|\/+$/g, ''),
    queues: {
      batchSize: queues.batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2),
      maxPollingIntervalMs: queues.maxPollingInterval,
      visibilityTimeoutMs: queues.visibilityTimeout,
      maxDequeueCount: queues.maxDequeueCount,
      messageEncoding: queues.messageEncoding,
    },
    serviceBus: {
      maxConcurrentSessions: serviceBus.maxConcurrentSessions,
      sessionIdleTimeoutMs: serviceBus.sessionIdleTimeout,
      maxAutoLockRenewalMs: serviceBus.maxAutoLockRenewalDuration,
    },
  };
}

/**
 * Copies `Values` of a local.settings.json into the environment without overwriting anything. A file that does
 * not exist is no error. Raises HostStartError when the file is not valid. Safe to call twice.
 */
export function applyLocalSettings(file: string, environment: NodeJS.ProcessEnv): void {
  if (!existsSync(file)) return;
  const settings = readJson(file, localSettingsSchema, (value) => value);
  for (const [name, value] of Object.entries(settings.Values)) environment[name] ??= value;
}
