/** The part of the worker's module `@azure/functions-core` that the programming model uses. */

/** Log levels of the worker protocol, quietest last. */
export const logLevels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;
/** One log level of the worker protocol. */
export type LogLevel = (typeof logLevels)[number];

/** Hooks a 2024 worker knows; `log` needs a newer host and is refused. */
export const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'] as const;
/** One hook name. */
export type HookName = (typeof hookNames)[number];

/** One binding of a function as the programming model hands it over. */
export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly name?: string;
  readonly [option: string]: unknown;
}

/** What `registerFunction` receives. */
export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: object | null;
}

/** A handler as registered; the context is its last argument. */
export type FunctionCallback = (...values: unknown[]) => unknown;
/** A hook callback; it may change the context it gets. */
export type HookCallback = (context: object) => unknown;

/** A string that may be absent on the wire. */
export interface NullableString {
  readonly value: string;
}

/** A cookie in the wire form: attributes are wrapped, SameSite is a closed set. */
export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: NullableString;
  readonly path?: NullableString;
  readonly expires?: { readonly value: { readonly seconds: number } };
  readonly secure?: { readonly value: boolean };
  readonly httpOnly?: { readonly value: boolean };
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: { readonly value: number };
}

/** An HTTP request or answer in the wire form. */
export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly nullableHeaders?: Readonly<Record<string, NullableString>>;
  readonly nullableParams?: Readonly<Record<string, NullableString>>;
  readonly nullableQuery?: Readonly<Record<string, NullableString>>;
  readonly body?: TypedData | null;
  readonly cookies?: readonly HttpCookie[];
}

/** A value on its way into or out of a function; exactly one member is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

/** What the programming model answers after a function has run. */
export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
  readonly outputData?: readonly { readonly name: string; readonly data: TypedData | null }[] | null;
}

/** The context of one invocation, handed to the programming model. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly request: {
    readonly invocationId: string;
    readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>> | null;
    readonly traceContext: null;
    readonly retryContext: null;
  };
  state?: 'preInvocationHooks' | 'postInvocationHooks' | 'invocation';
  log(level: LogLevel, category: string, message: string): void;
}

/** One invocation as the programming model carries it out. */
export interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationResponse>;
}

/** The programming model that `@azure/functions` hands to its worker. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

/** The module object that `require('@azure/functions-core')` answers. */
export interface CoreModule {
  readonly version: string;
  readonly hostVersion: string;
  readonly Disposable: new (dispose: () => void) => { dispose(): void };
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): { dispose(): void };
  registerHook(name: string, callback: HookCallback): { dispose(): void };
  setProgrammingModel(model: ProgrammingModel): void;
  getProgrammingModel(): ProgrammingModel | undefined;
  log(level: LogLevel, category: string, message: string): void;
}
