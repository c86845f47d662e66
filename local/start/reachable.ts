/** Asks services the settings point to whether they answer at all, before anything is started. */
import { settingOf } from './localSettings.ts';
import { oneLine, StartError } from './startError.ts';

const timeoutMs = 5000;
const serviceSettings = ['BUSINESS_CENTRAL_URL', 'DATAVERSE_URL'] as const;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was broken off',
  UND_ERR_SOCKET: 'the connection was broken off',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** Settings may carry secrets in the user part or the query: neither is shown. */
function shown(url: URL): string {
  return url.origin + url.pathname.replace(/\/$/, '');
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return reasons[code] ?? (oneLine(cause) || code);
}

/** Any HTTP answer counts, also a refusal: it is for the app to have the right token. */
async function problemOf(name: string, text: string): Promise<string | null> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return `${name} is no http or https address.`;
  try {
    const answer = await fetch(shown(url), { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return null;
  } catch (error) {
    return `${name}: ${shown(url)} cannot be reached: ${reasonOf(error)}.`;
  }
}

/** Raises StartError with one line per service that is set but does not answer within 5 s. Writes nothing. */
export async function checkReachable(environment: NodeJS.ProcessEnv): Promise<void> {
  const checks = serviceSettings.map(async (name) => {
    const text = settingOf(environment, name);
    return text === null ? null : problemOf(name, text);
  });
  const problems = (await Promise.all(checks)).filter((problem) => problem !== null);
  if (problems.length > 0) throw new StartError(problems);
}
