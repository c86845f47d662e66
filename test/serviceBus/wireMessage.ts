/** Messages of the test broker as they travel to a client. */
import type { Message } from 'rhea';
import { long, rhea } from './amqp.ts';
import type { StoredMessage } from './sessionQueue.ts';

const states = { active: 0, scheduled: 2 } as const;

/** The message with what a broker adds: counts, numbers and times. */
export function wireMessage(stored: StoredMessage, lockedUntilMs: number | null): Message {
  const { content, sequenceNumber, enqueuedMs, deliveryCount, isScheduled } = stored;
  const { wrap_timestamp, wrap_int } = rhea.types;
  return {
    ...content,
    delivery_count: deliveryCount,
    message_annotations: {
      ...content.message_annotations,
      'x-opt-sequence-number': long(sequenceNumber),
      'x-opt-enqueued-time': wrap_timestamp(enqueuedMs),
      'x-opt-message-state': wrap_int(isScheduled ? states.scheduled : states.active),
      ...(lockedUntilMs === null ? {} : { 'x-opt-locked-until': wrap_timestamp(lockedUntilMs) }),
    },
  };
}

/** The same as bytes, which is how a peek answers. */
export function wireBytes(stored: StoredMessage, lockedUntilMs: number | null): Buffer {
  return rhea.message.encode(wireMessage(stored, lockedUntilMs));
}

/** Set-aside messages as bytes, with the reason. */
export function deadLetterBytes({ message, reason }: { message: StoredMessage; reason: string }): Buffer {
  const { application_properties } = message.content;
  const content = {
    ...message.content,
    application_properties: { ...application_properties, DeadLetterReason: reason },
  };
  return wireBytes({ ...message, content }, null);
}
