/** Asks an address to echo a token, as Business Central does before it subscribes (business-central-api 7.1). */
import type { EchoAnswer } from '../../ports/probes.ts';

/** Business Central waits no longer (business-central-api 7.1). */
const longestAnswerMs = 5_000;
/** More than any token; the rest of a longer answer is not read. */
const mostCharacters = 1_000;

/** Posts to the address with `?validationToken=`; follows no redirect. Never raises. */
export async function echoProbe(address: string, token: string): Promise<EchoAnswer> {
  const url = new URL(address);
  url.searchParams.set('validationToken', token);
  try {
    const signal = AbortSignal.timeout(longestAnswerMs);
    const response = await fetch(url, { method: 'POST', redirect: 'manual', signal });
    const text = (await response.text()).slice(0, mostCharacters);
    return { text, problem: response.status === 200 ? '' : `it answered with status ${response.status}` };
  } catch (error) {
    return { text: null, problem: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const { name = '', cause } = (error ?? {}) as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `it did not answer within ${longestAnswerMs / 1000} seconds`;
  return `it cannot be reached${cause?.code === undefined ? '' : ` (${cause.code})`}`;
}
