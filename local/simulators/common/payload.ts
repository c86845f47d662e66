/** What a simulator sends for an answer, whichever way it travels. */
import type { SimulatorResponse } from './server.ts';

/** Header lines in order, a later one of the same name wins; null text is an answer that has no body. */
export interface Payload {
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string | null;
}

/** Serialises an answer; not for status 0. */
export function payloadOf({ status, headers = {}, body }: SimulatorResponse): Payload {
  const isJson = typeof body === 'object' && body !== null;
  const ofJson = isJson ? ([['Content-Type', 'application/json; charset=utf-8']] as const) : [];
  const isBodiless = status === 204 || status === 304;
  return {
    headers: [...ofJson, ...Object.entries(headers)],
    text: isBodiless ? null : isJson ? JSON.stringify(body) : (body ?? ''),
  };
}

/** What `answer` gives; an error of the simulator itself becomes an answer 500 that tells it. */
export async function answerOf(
  answer: () => Promise<SimulatorResponse> | SimulatorResponse,
): Promise<SimulatorResponse> {
  try {
    return await answer();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: 500, body: { error: { code: 'SimulatorFailure', message } } };
  }
}
