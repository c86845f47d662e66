/** The handshake with the notification URL (section 7.1): it must echo a token within five seconds. */
import { badRequest } from '../serviceError.ts';

const handshakeTimeoutMs = 5_000;

/** Raises 400 unless the receiver answers 200 with exactly the token. */
export async function shakeHands(notificationUrl: string, token: string): Promise<void> {
  const url = `${notificationUrl}${notificationUrl.includes('?') ? '&' : '?'}validationToken=${token}`;
  let problem: string;
  try {
    const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(handshakeTimeoutMs) });
    const text = await answer.text();
    if (answer.status === 200 && text === token) return;
    problem =
      answer.status === 200 ? 'the answer is not the token' : `the answer has status ${answer.status}`;
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    problem = isTimeout ? 'no answer within 5 seconds' : 'it cannot be reached';
  }
  throw badRequest(`The notification URL could not be validated: ${problem}.`);
}
