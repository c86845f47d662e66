/** Receives notifications of Business Central (business-central-api 7.3, 7.4). */
import type { HttpHandler, HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { receiveChanges } from '../../shared/app/notifications/receiveChanges.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import {
  type ChangeNotification,
  changeTypes,
  parseResource,
} from '../../shared/domain/notifications/changeNotification.ts';
import type { Log } from '../../shared/ports/system.ts';
import { echo, readJson, receiver } from './receiver.ts';
import { isSecret } from './secret.ts';

/** Entries are checked one by one, so that one that cannot be read does not hold up the others. */
const bodySchema = z.looseObject({ value: z.array(z.unknown()) });
const entrySchema = z.looseObject({
  clientState: z.string().nullish(),
  resource: z.string(),
  changeType: z.string().toLowerCase().pipe(z.enum(changeTypes)),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish().catch(null),
});

/** The receiver. It answers 2xx unless the app cannot work at present, since other answers end subscriptions. */
export function businessCentralReceiver(app: Composition): HttpHandler {
  return receiver(
    (request) => receive(app, request),
    (request) => {
      const token = new URL(request.url).searchParams.get('validationToken');
      return token === null ? null : echo(token);
    },
  );
}

async function receive(app: Composition, request: HttpRequest): Promise<void> {
  const { ports, mappings, settings } = await app.open();
  const body = bodySchema.safeParse(await readJson(request));
  if (!body.success) {
    ports.log('warning', 'notification-unreadable', { source: 'businessCentral' });
    return;
  }
  const entries = body.data.value;
  const notifications = trusted(ports.log, entries, settings.notificationSecret);
  const woken = await receiveChanges(ports, mappings, notifications);
  const counts = { entries: entries.length, accepted: notifications.length, woken };
  ports.log('information', 'notifications-received', { source: 'businessCentral', ...counts });
}

/** The readable entries that carry the secret; those that do not are dropped with a warning, never refused. */
function trusted(
  log: Log,
  entries: readonly unknown[],
  secret: string | null,
): readonly ChangeNotification[] {
  let foreign = 0;
  let unreadable = 0;
  const found: ChangeNotification[] = [];
  for (const entry of entries) {
    const parsed = entrySchema.safeParse(entry);
    const resource = parsed.success ? parseResource(parsed.data.resource) : null;
    if (!parsed.success || resource === null) unreadable += 1;
    else if (secret === null || !isSecret(parsed.data.clientState ?? '', secret)) foreign += 1;
    else {
      const { changeType, lastModifiedDateTime: at } = parsed.data;
      found.push({ ...resource, changeType, changedAt: at ? instant(at) : null });
    }
  }
  if (foreign > 0)
    log('warning', 'notification-secret-wrong', { source: 'businessCentral', entries: foreign });
  if (unreadable > 0)
    log('warning', 'notification-unreadable', { source: 'businessCentral', entries: unreadable });
  return found;
}
