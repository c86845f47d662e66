/** The state a worker keeps for one app: registered functions, hooks and the programming model. */
import type {
  CoreModule,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogLevel,
  ProgrammingModel,
} from './coreTypes.ts';
import { hookNames } from './coreTypes.ts';
import { RegistrationError } from './errors.ts';

/** A function as the app registered it. */
export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

class Disposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  dispose(): void {
    this.#dispose();
  }
}

/** Collects what an app registers. One instance per loaded app. */
export class FunctionApp {
  /** The object `require('@azure/functions-core')` answers for this app. */
  readonly core: CoreModule;
  /** Data the appStart and appTerminate hooks share. */
  readonly appLevelHookData: object = {};
  /** Data every hook of the app can reach, whatever its kind. */
  readonly appHookData: object = {};
  readonly #functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<HookName, HookCallback[]>();
  #model: ProgrammingModel | undefined;
  #isLocked = false;

  constructor(log: (level: LogLevel, category: string, message: string) => void) {
    this.core = {
      version: '3.9.1',
      hostVersion: '4.0.0',
      Disposable,
      registerFunction: (metadata, callback) => this.#registerFunction(metadata, callback),
      registerHook: (name, callback) => this.#registerHook(name, callback),
      setProgrammingModel: (model) => this.#setModel(model),
      getProgrammingModel: () => this.#model,
      log,
    };
  }

  /** The functions in order of registration. */
  functions(): readonly RegisteredFunction[] {
    return [...this.#functions.values()];
  }

  /** The programming model, once the app has made its first `app.*` call. */
  model(): ProgrammingModel | undefined {
    return this.#model;
  }

  /** Ends start-up: from now on registering throws. Safe to call twice. */
  lock(): void {
    this.#isLocked = true;
  }

  /** Runs the callbacks of a hook one after the other; the first error ends it and is thrown on. */
  async runHooks(name: HookName, context: object): Promise<void> {
    for (const callback of [...(this.#hooks.get(name) ?? [])]) await callback(context);
  }

  /** Runs the appStart or appTerminate hooks; the first error ends it and is thrown on. */
  runAppHooks(name: 'appStart' | 'appTerminate'): Promise<void> {
    return this.runHooks(name, { hookData: this.appLevelHookData, appHookData: this.appHookData });
  }

  #registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    if (this.#isLocked) throw new RegistrationError('A function can only be registered during app startup.');
    const id = metadata.functionId ?? metadata.name;
    if (this.#functions.has(id)) {
      throw new RegistrationError(`A function with id "${id}" has already been registered.`);
    }
    this.#functions.set(id, { metadata, callback });
    return new Disposable(() => this.#disposeFunction(id));
  }

  #disposeFunction(id: string): void {
    if (this.#isLocked) throw new RegistrationError('A function can only be disposed during app startup.');
    this.#functions.delete(id);
  }

  #registerHook(name: string, callback: HookCallback): Disposable {
    const hook = hookNames.find((known) => known === name);
    if (hook === undefined) {
      // The programming model turns a RangeError with this mark into advice about the host version.
      throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), {
        isAzureFunctionsSystemError: true,
      });
    }
    const callbacks = this.#hooks.get(hook) ?? [];
    this.#hooks.set(hook, callbacks);
    callbacks.push(callback);
    return new Disposable(() => {
      const index = callbacks.indexOf(callback);
      if (index >= 0) callbacks.splice(index, 1);
    });
  }

  #setModel(model: ProgrammingModel): void {
    if (this.#isLocked) {
      throw new RegistrationError('The programming model can only be set during app startup.');
    }
    this.#model = model;
  }
}
