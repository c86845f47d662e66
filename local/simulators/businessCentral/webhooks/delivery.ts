/** Sends a notification and follows the answer: done, retry, or end of the subscriptions (section 7.4). */
import type { SimulatorClock } from '../../common/clock.ts';
import type { NotificationEntry } from './notifier.ts';
import type { SubscriptionStore } from './subscriptionStore.ts';

/** Waits after the first, second, ... failed attempt; after one more failure the subscriptions are deleted. */
export const retryWaitsMinutes = [1, 1, 10, 100, 1_000] as const;
const answerTimeoutMs = 30_000;

/** What a delivery needs. */
export interface DeliveryContext {
  readonly clock: SimulatorClock;
  readonly subscriptions: SubscriptionStore;
  readonly correlationId: string;
}

/** Sends the entries to the URL. Never rejects. */
export async function deliver(
  context: DeliveryContext,
  url: string,
  entries: readonly NotificationEntry[],
  attempt = 1,
): Promise<void> {
  const alive = entries.filter((entry) => context.subscriptions.get(entry.subscriptionId));
  if (alive.length === 0) return;
  const outcome = await post(context, url, alive);
  if (outcome === 'done') return;
  const waitMinutes = retryWaitsMinutes[attempt - 1];
  if (outcome === 'refused' || waitMinutes === undefined) {
    removeSubscriptionsOf(context.subscriptions, url);
    return;
  }
  const atMs = context.clock.now() + waitMinutes * 60_000;
  context.clock.schedule(atMs, () => deliver(context, url, alive, attempt + 1));
}

async function post(
  context: DeliveryContext,
  url: string,
  entries: readonly NotificationEntry[],
): Promise<'done' | 'retry' | 'refused'> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        clientRequestId: context.correlationId,
        'x-ms-correlation-id': context.correlationId,
      },
      body: JSON.stringify({ value: entries }),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    await answer.arrayBuffer();
    if (answer.ok) return 'done';
    return answer.status === 408 || answer.status === 429 || answer.status >= 500 ? 'retry' : 'refused';
  } catch {
    return 'retry';
  }
}

/** All subscriptions that share the URL go together. */
function removeSubscriptionsOf(subscriptions: SubscriptionStore, url: string): void {
  for (const subscription of subscriptions.all()) {
    if (subscription.notificationUrl === url) subscriptions.remove(subscription.id);
  }
}
