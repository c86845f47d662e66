/** Carries out one invocation in the worker's order: arguments, hooks, function, hooks, answer. */
import type {
  CoreInvocationContext,
  FunctionCallback,
  InvocationResponse,
  LogLevel,
  TypedData,
} from './coreTypes.ts';
import type { FunctionApp } from './functionApp.ts';
import type { HostFunction } from './functionDefinition.ts';
import type { RunningFunctions } from './runningFunctions.ts';

/** What a trigger hands to a function. */
export interface TriggerInput {
  readonly data: TypedData;
  /** PascalCase keys; timers and HTTP have none. */
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
}

/** Runs a function once. Rejects with what the function or a hook threw. */
export type Invoke = (one: HostFunction, input: TriggerInput) => Promise<InvocationResponse>;

interface InvokerParts {
  readonly app: FunctionApp;
  readonly running: RunningFunctions;
  readonly newInvocationId: () => string;
  readonly log: (level: LogLevel, message: string) => void;
}

function coreContext(one: HostFunction, input: TriggerInput, parts: InvokerParts): CoreInvocationContext {
  const invocationId = parts.newInvocationId();
  return {
    invocationId,
    metadata: one.metadata,
    request: {
      invocationId,
      inputData: [{ name: one.bindingName, data: input.data }],
      triggerMetadata: input.triggerMetadata ?? null,
      traceContext: null,
      retryContext: null,
    },
    log: (level, _category, message) => parts.log(level, `${one.name}: ${message}`),
  };
}

interface HookState {
  readonly hookData: object;
  readonly appHookData: object;
  readonly invocationContext: object;
  inputs: unknown[];
  functionCallback?: FunctionCallback;
  result?: unknown;
  error?: unknown;
}

async function runFunction(one: HostFunction, input: TriggerInput, parts: InvokerParts) {
  const model = parts.app.model();
  if (model === undefined) throw new Error('The app has set no programming model.');
  const core = coreContext(one, input, parts);
  const invocation = model.getInvocationModel(core);
  const { context, inputs } = await invocation.getArguments();
  const shared = { hookData: {}, appHookData: parts.app.appHookData, invocationContext: context };

  const before: HookState = { ...shared, inputs, functionCallback: one.callback };
  core.state = 'preInvocationHooks';
  await parts.app.runHooks('preInvocation', before);

  const after: HookState = { ...shared, inputs: before.inputs, result: null, error: null };
  core.state = 'invocation';
  try {
    const callback = before.functionCallback ?? one.callback;
    after.result = await invocation.invokeFunction(context, before.inputs, callback);
  } catch (error) {
    after.error = error ?? new Error('The function threw nothing but an empty value.');
  }
  core.state = 'postInvocationHooks';
  await parts.app.runHooks('postInvocation', after);

  if (after.error !== null && after.error !== undefined) throw after.error;
  return invocation.getResponse(context, after.result);
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Creates the function that runs functions; it counts them as running and logs their failures. */
export function createInvoker(parts: InvokerParts): Invoke {
  return (one, input) =>
    parts.running.track(one.name, async () => {
      try {
        return await runFunction(one, input, parts);
      } catch (error) {
        parts.log('error', `${one.name}: failed: ${describeError(error)}`);
        throw error;
      }
    });
}
