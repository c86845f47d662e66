/** Storage queue messages as a function sees them. */
import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { TypedData } from './coreTypes.ts';
import type { TriggerInput } from './invocation.ts';

const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a message, or null when the encoding is `base64` and the message is not. */
export function decodeMessage(raw: string, encoding: 'base64' | 'none'): string | null {
  if (encoding === 'none') return raw;
  return base64Pattern.test(raw) ? Buffer.from(raw, 'base64').toString('utf8') : null;
}

function json(value: unknown): TypedData {
  return { json: JSON.stringify(value) };
}

/** The input of a queue-triggered function, with the metadata of its message. */
export function toTriggerInput(message: DequeuedMessageItem, text: string): TriggerInput {
  return {
    data: { string: text },
    triggerMetadata: {
      QueueTrigger: { string: text },
      DequeueCount: json(message.dequeueCount),
      Id: { string: message.messageId },
      PopReceipt: { string: message.popReceipt },
      ExpirationTime: json(message.expiresOn),
      InsertionTime: json(message.insertedOn),
      NextVisibleTime: json(message.nextVisibleOn),
    },
  };
}

/** The same for a message that never was in a queue: one that the admin route hands over. */
export function toDirectInput(text: string, messageId: string): TriggerInput {
  return {
    data: { string: text },
    triggerMetadata: {
      QueueTrigger: { string: text },
      DequeueCount: json(1),
      Id: { string: messageId },
      PopReceipt: { string: '' },
    },
  };
}
