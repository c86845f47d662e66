/** Turns what an app registered into functions the host can run, refusing what the real host or this one cannot serve. */
import { z } from 'zod';
import type { Binding, FunctionCallback, FunctionMetadata } from './coreTypes.ts';
import { errorMessage, HostStartError } from './errors.ts';
import type { RegisteredFunction } from './functionApp.ts';
import { compileRoute, type Route } from './httpRoute.ts';
import { parseSchedule, type Schedule } from './ncrontab.ts';

/** Key levels of an HTTP function. */
export const authLevels = ['anonymous', 'function', 'admin'] as const;
/** One key level. */
export type AuthLevel = (typeof authLevels)[number];

/** Fires by schedule. */
export interface TimerTrigger {
  readonly kind: 'timer';
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
}

/** Fires by HTTP request. */
export interface HttpTrigger {
  readonly kind: 'http';
  readonly route: Route;
  readonly methods: readonly string[];
  readonly authLevel: AuthLevel;
}

/** Fires by storage queue message. */
export interface QueueTrigger {
  readonly kind: 'queue';
  readonly queueName: string;
  readonly connectionString: string;
}

/** Fires by message of a Service Bus queue with sessions. */
export interface ServiceBusTrigger {
  readonly kind: 'serviceBus';
  readonly queueName: string;
  readonly connectionString: string;
}

/** A function of the app, ready to be armed. */
export interface HostFunction<T = TimerTrigger | HttpTrigger | QueueTrigger | ServiceBusTrigger> {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  /** The name of the trigger binding, under which the programming model expects the input. */
  readonly bindingName: string;
  readonly trigger: T;
}

const namePattern = /^[a-z][a-z0-9_-]{0,127}$/i;
const queueNamePattern = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

const timerSchema = z.object({ schedule: z.string(), runOnStartup: z.boolean().default(false) });
const queueSchema = z.object({
  queueName: z
    .string()
    .regex(queueNamePattern, 'must be 3 to 63 lower-case letters, digits and single hyphens'),
  connection: z.string().default(''),
});
const serviceBusSchema = z.object({
  queueName: z.string('must be set: the local host serves queues, not topics').min(1).max(260),
  connection: z.string().default(''),
  isSessionsEnabled: z.literal(true, 'must be true: the local host serves queues with sessions only'),
});
const httpSchema = z.object({
  route: z.string().optional(),
  methods: z.array(z.string().transform((method) => method.toUpperCase())),
  authLevel: z
    .string()
    .transform((level) => level.toLowerCase())
    .pipe(z.enum(authLevels))
    .default('function'),
});

interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly routePrefix: string;
}

/** Replaces every `%NAME%` by the app setting of that name. */
function resolveSettings(binding: Binding, environment: NodeJS.ProcessEnv): Binding {
  const resolve = (text: string): string =>
    text.replace(/%([^%]+)%/g, (_match, name: string) => {
      const value = environment[name];
      if (value === undefined) throw new Error(`the app setting "${name}" of "%${name}%" does not exist`);
      return value;
    });
  const entries = Object.entries(binding).map(([key, value]) => [
    key,
    typeof value === 'string' ? resolve(value) : value,
  ]);
  return Object.fromEntries(entries) as Binding;
}

function connectionString(setting: string, environment: NodeJS.ProcessEnv): string {
  const name = setting === '' ? 'AzureWebJobsStorage' : setting;
  const value = environment[name] ?? environment[`AzureWebJobs${name}`];
  if (value !== undefined && value !== '') return value;
  throw new Error(`the connection setting "${name}" does not exist (locally it must be a connection string)`);
}

function checked<T>(schema: z.ZodType<T>, binding: Binding): T {
  const result = schema.safeParse(binding);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
}

function httpTrigger(name: string, binding: Binding, routePrefix: string): HttpTrigger {
  const options = checked(httpSchema, binding);
  const ownRoute = (options.route ?? name).replace(/^~?\//, '');
  const route = compileRoute([routePrefix, ownRoute].filter((part) => part !== '').join('/'));
  return { kind: 'http', route, methods: options.methods, authLevel: options.authLevel };
}

function toTrigger(name: string, binding: Binding, around: Surroundings): HostFunction['trigger'] {
  switch (binding.type) {
    case 'timerTrigger': {
      const { schedule, runOnStartup } = checked(timerSchema, binding);
      return { kind: 'timer', schedule: parseSchedule(schedule), runOnStartup };
    }
    case 'queueTrigger': {
      const { queueName, connection } = checked(queueSchema, binding);
      return {
        kind: 'queue',
        queueName,
        connectionString: connectionString(connection, around.environment),
      };
    }
    case 'serviceBusTrigger': {
      const { queueName, connection } = checked(serviceBusSchema, binding);
      return {
        kind: 'serviceBus',
        queueName,
        connectionString: connectionString(connection, around.environment),
      };
    }
    case 'httpTrigger':
      return httpTrigger(name, binding, around.routePrefix);
    default:
      throw new Error(
        `the local host has no ${binding.type}; it serves timerTrigger, httpTrigger, queueTrigger, serviceBusTrigger`,
      );
  }
}

function refuseOtherBindings(metadata: FunctionMetadata, triggerName: string): void {
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    const isHttpAnswer = binding.direction === 'out' && binding.type === 'http';
    if (name === triggerName || isHttpAnswer) continue;
    throw new Error(`the local host has no ${binding.direction ?? ''} binding of type "${binding.type}"`);
  }
  if (metadata.retryOptions) throw new Error('the local host has no retry policies');
}

function toHostFunction({ metadata, callback }: RegisteredFunction, around: Surroundings): HostFunction {
  if (!namePattern.test(metadata.name)) {
    throw new Error('the name must begin with a letter and hold letters, digits, "_" and "-" only');
  }
  if (typeof callback !== 'function') throw new Error('the handler is not a function');
  const found = Object.entries(metadata.bindings).find(([, { type }]) => /trigger$/i.test(type));
  if (found === undefined) throw new Error('it has no trigger');
  const [bindingName, binding] = found;
  refuseOtherBindings(metadata, bindingName);
  const trigger = toTrigger(metadata.name, resolveSettings(binding, around.environment), around);
  return { name: metadata.name, metadata, callback, bindingName, trigger };
}

function duplicateProblems(functions: readonly HostFunction[]): string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  const claim = (key: string, name: string, what: string): void => {
    const owner = owners.get(key);
    if (owner !== undefined) problems.push(`Function "${name}": ${what} is already that of "${owner}"`);
    else owners.set(key, name);
  };
  for (const { name, trigger } of functions) {
    claim(`name ${name.toLowerCase()}`, name, 'the name (compared without case)');
    if (trigger.kind !== 'http') continue;
    for (const method of trigger.methods) {
      claim(`${method} ${trigger.route.shape}`, name, `the route ${method} /${trigger.route.template}`);
    }
  }
  return problems;
}

/**
 * Checks every registered function and resolves its settings. Raises HostStartError with one line per problem:
 * bad name, unknown trigger, missing setting, bad schedule, bad route, names or routes given twice.
 */
export function toHostFunctions(
  registered: readonly RegisteredFunction[],
  around: Surroundings,
): readonly HostFunction[] {
  const functions: HostFunction[] = [];
  const problems: string[] = [];
  for (const one of registered) {
    try {
      functions.push(toHostFunction(one, around));
    } catch (error) {
      problems.push(`Function "${one.metadata.name}": ${errorMessage(error)}`);
    }
  }
  problems.push(...duplicateProblems(functions));
  if (problems.length > 0) throw new HostStartError(problems.join('\n'));
  return functions;
}

/** The functions of one trigger kind. */
export function functionsOfKind<K extends HostFunction['trigger']['kind']>(
  functions: readonly HostFunction[],
  kind: K,
): readonly HostFunction<Extract<HostFunction['trigger'], { kind: K }>>[] {
  return functions.filter((one) => one.trigger.kind === kind) as never;
}
