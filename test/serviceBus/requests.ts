/** The request-and-answer side of the test broker: tokens on `$cbs`, operations on `QUEUE/$management` (platform C-4). */
import { Buffer } from 'node:buffer';
import type { Message } from 'rhea';
import { rhea, textOf } from './amqp.ts';
import type { SessionQueue } from './sessionQueue.ts';
import { isSigned } from './tokens.ts';
import { deadLetterBytes, wireBytes } from './wireMessage.ts';

/** What a request is answered with. */
export interface Answer {
  readonly statusCode: number;
  readonly statusDescription: string;
  /** Name of the error, where there is one. */
  readonly errorCondition?: string;
  readonly body?: unknown;
}

type Body = Readonly<Record<string, unknown>>;

const done = (body: unknown = {}): Answer => ({ statusCode: 200, statusDescription: 'OK', body });
const nothing: Answer = { statusCode: 204, statusDescription: 'No Content' };

/** Answers a token; `allow` is called with the address it is good for. */
export function answerToken(
  request: Message,
  key: string,
  nowMs: number,
  allow: (audience: string) => void,
): Answer {
  const audience = textOf(request.application_properties?.['name']);
  if (!isSigned(textOf(request.body), audience, key, nowMs)) {
    return { statusCode: 401, statusDescription: 'InvalidSignature: the token has an invalid signature.' };
  }
  allow(audience);
  return { statusCode: 202, statusDescription: 'Accepted' };
}

/** Carries out an operation on the queue. */
export function answerOperation(request: Message, queue: SessionQueue): Answer {
  const operation = textOf(request.application_properties?.['operation']);
  const body = (request.body ?? {}) as Body;
  switch (operation) {
    case 'com.microsoft:peek-message':
      return peeked(queue, body);
    case 'com.microsoft:renew-session-lock':
      return renewed(queue, textOf(body['session-id']));
    case 'com.microsoft:schedule-message':
      return scheduled(queue, body);
    case 'com.microsoft:cancel-scheduled-message':
      return cancelled(queue, body);
    default:
      return { statusCode: 501, statusDescription: `The operation ${operation} is not served.` };
  }
}

/** A peek into the dead letters, oldest first; numbers are kept, so a second page begins after the last one seen. */
export function answerDeadLetterPeek(request: Message, queue: SessionQueue): Answer {
  const body = (request.body ?? {}) as Body;
  const from = numberOf(body['from-sequence-number']);
  const found = queue.deadLetters.filter(({ message }) => message.sequenceNumber >= from);
  return messages(found.slice(0, Number(body['message-count'] ?? 1)).map(deadLetterBytes));
}

function peeked(queue: SessionQueue, body: Body): Answer {
  const from = numberOf(body['from-sequence-number']);
  const found = queue.peek(from, Number(body['message-count'] ?? 1));
  return messages(found.map((one) => wireBytes(one, null)));
}

function messages(bytes: readonly Buffer[]): Answer {
  return bytes.length === 0 ? nothing : done({ messages: bytes.map((message) => ({ message })) });
}

function renewed(queue: SessionQueue, sessionId: string): Answer {
  const untilMs = queue.renewLock(sessionId);
  if (untilMs !== null) return done({ expiration: rhea.types.wrap_timestamp(untilMs) });
  const errorCondition = 'com.microsoft:session-lock-lost';
  return { statusCode: 410, statusDescription: 'The session lock has expired.', errorCondition };
}

function scheduled(queue: SessionQueue, body: Body): Answer {
  const entries = (body['messages'] ?? []) as readonly { readonly message: Buffer }[];
  const numbers = entries.map(({ message }) => queue.send(decoded(message)));
  if (numbers.includes(null)) return { statusCode: 400, statusDescription: 'A session id is required.' };
  const bytes = numbers.map((number) => {
    const eight = Buffer.alloc(8);
    eight.writeBigInt64BE(BigInt(number ?? 0));
    return eight;
  });
  return done({ 'sequence-numbers': rhea.types.wrap_array(bytes, longTypeCode, undefined) });
}

/** The library has two types for one thing. */
function decoded(bytes: Buffer): Message {
  return rhea.message.decode(bytes) as unknown as Message;
}

const longTypeCode = 0x81;

function cancelled(queue: SessionQueue, body: Body): Answer {
  const numbers = (body['sequence-numbers'] ?? []) as readonly unknown[];
  const missing = numbers.filter((number) => !queue.cancel(numberOf(number)));
  if (missing.length === 0) return done();
  const errorCondition = 'com.microsoft:message-not-found';
  return { statusCode: 404, statusDescription: 'No scheduled message has this number.', errorCondition };
}

/** Small longs arrive as numbers, others as their eight bytes. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : 0;
}
