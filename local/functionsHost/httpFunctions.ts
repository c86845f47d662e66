/** Routes HTTP requests to HTTP functions: best route first, 404, 405, 401, 500. */
import type { HostFunction, HttpTrigger } from './functionDefinition.ts';
import type { FunctionKeys } from './functionKeys.ts';
import { toAnswer, toHttpData } from './httpMessages.ts';
import type { HostAnswer, HostRequest } from './httpServer.ts';
import type { Invoke } from './invocation.ts';

interface HttpFunctionsParts {
  readonly functions: readonly HostFunction<HttpTrigger>[];
  readonly keys: FunctionKeys;
  readonly invoke: Invoke;
}

interface Match {
  readonly one: HostFunction<HttpTrigger>;
  readonly parameters: Readonly<Record<string, string>>;
}

function matches(functions: readonly HostFunction<HttpTrigger>[], rawPath: string): readonly Match[] {
  return functions.flatMap((one) => {
    const parameters = one.trigger.route.match(rawPath);
    return parameters === null ? [] : [{ one, parameters }];
  });
}

async function run(match: Match, request: HostRequest, invoke: Invoke): Promise<HostAnswer> {
  try {
    const response = await invoke(match.one, { data: { http: toHttpData(request, match.parameters) } });
    return toAnswer(response);
  } catch {
    return { status: 500 }; // bare, as in the real host; the invoker has logged the error
  }
}

/** Creates the handler that answers a request by running the function whose route matches best. */
export function createHttpFunctions(
  parts: HttpFunctionsParts,
): (request: HostRequest) => Promise<HostAnswer> {
  const byPrecedence = [...parts.functions].sort((left, right) =>
    left.trigger.route.precedence.localeCompare(right.trigger.route.precedence),
  );
  return async (request) => {
    const found = matches(byPrecedence, request.url.pathname);
    if (found.length === 0) return { status: 404 };
    const match = found.find(({ one }) => one.trigger.methods.includes(request.method));
    if (match === undefined) {
      const allowed = new Set(found.flatMap(({ one }) => one.trigger.methods));
      return { status: 405, headers: [['allow', [...allowed].join(', ')]] };
    }
    if (!parts.keys.allows(match.one.trigger.authLevel, request)) return { status: 401 };
    return run(match, request, parts.invoke);
  };
}
