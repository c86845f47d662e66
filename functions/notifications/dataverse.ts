/** Receives notifications of Dataverse, a remote execution context each (dataverse-web-api section 16). */
import type { HttpHandler, HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { receiveRowChange } from '../../shared/app/notifications/receiveRowChange.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { readJson, receiver } from './receiver.ts';

/** The fields that are there even when the body was too large and was cut. */
const contextSchema = z.looseObject({
  PrimaryEntityName: z.string().min(1),
  MessageName: z.string().min(1),
  InitiatingUserId: z.string().nullish(),
  UserId: z.string().nullish(),
});

/**
 * The receiver; its secret is the function key, which Dataverse sends as `code` (WebhookKey) and the host checks. Without
 * WAKE_ON_DATAVERSE_CHANGE everything is received and dropped (J-60, J-71).
 */
export function dataverseReceiver(app: Composition): HttpHandler {
  return receiver((request) => receive(app, request));
}

async function receive(app: Composition, request: HttpRequest): Promise<void> {
  const { ports, mappings, settings } = await app.open();
  if (!settings.wakeOnDataverseChange) return;
  const parsed = contextSchema.safeParse(await readJson(request));
  if (!parsed.success) {
    ports.log('warning', 'notification-unreadable', { source: 'dataverse' });
    return;
  }
  const { PrimaryEntityName: table, MessageName: message, InitiatingUserId, UserId } = parsed.data;
  const userIds = [InitiatingUserId, UserId].flatMap((id) => (id ? [id.toLowerCase()] : []));
  const woken = await receiveRowChange(ports, mappings, { table, message, userIds });
  ports.log('information', 'notifications-received', { source: 'dataverse', entries: 1, accepted: 1, woken });
}
