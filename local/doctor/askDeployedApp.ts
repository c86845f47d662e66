/** Has a deployed app test its connections, since it alone has its identity and its place in the network. */
import { oneLine, StartError } from '../start/startError.ts';
import { type ConnectionTestAnswer, connectionTestSchema } from './report.ts';

const longestAnswerMs = 120_000;

/** Asks the app at this address with a function key. Raises StartError with what to do. */
export async function askDeployedApp(address: string, key: string | null): Promise<ConnectionTestAnswer> {
  const url = new URL('/api/connection/test', address);
  const headers = key === null ? {} : { 'x-functions-key': key };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(longestAnswerMs),
  }).catch((error: unknown) => {
    throw new StartError([`${url.origin} does not answer: ${oneLine(error)}`], { cause: error });
  });
  if (response.status === 401 || response.status === 403) {
    throw new StartError([
      `${url.origin} refuses the key. Set FUNCTION_KEY to a host key of the app (docs/install.md).`,
    ]);
  }
  const answer = connectionTestSchema.safeParse(await response.json().catch(() => null));
  if (response.status === 200 && answer.success) return answer.data;
  throw new StartError([`${url.href} answered with status ${response.status}; look at the log of the app.`]);
}
