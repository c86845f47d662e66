/** Service Bus messages as a function sees them. */
import { Buffer } from 'node:buffer';
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TypedData } from './coreTypes.ts';
import type { TriggerInput } from './invocation.ts';

const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) });

/** The input of a function; the body is the bytes that were sent, as text. The host counts deliveries from 1. */
export function toBusInput(message: ServiceBusReceivedMessage): TriggerInput {
  const { body, messageId, sessionId, sequenceNumber, deliveryCount, enqueuedTimeUtc, contentType } = message;
  return {
    data: { string: Buffer.isBuffer(body) ? body.toString('utf8') : String(body ?? '') },
    triggerMetadata: {
      MessageId: { string: String(messageId ?? '') },
      SessionId: { string: sessionId ?? '' },
      ContentType: { string: contentType ?? '' },
      DeliveryCount: json((deliveryCount ?? 0) + 1),
      SequenceNumber: json(Number(String(sequenceNumber ?? 0))),
      EnqueuedTimeUtc: json(enqueuedTimeUtc ?? null),
    },
  };
}
