/** The port to webhook subscriptions of Business Central (business-central-api section 7.1). */
import type { Instant } from '../domain/common/instants.ts';
import type { SubscribableSet, WebhookSubscription } from '../domain/notifications/subscriptions.ts';

/** What a subscription is made of. */
export interface SubscriptionRequest {
  readonly set: SubscribableSet;
  /** Where notifications go; it must echo a token while the request is answered. */
  readonly notificationUrl: string;
  readonly clientState: string;
}

export interface ChangeSubscriptions {
  /** Every set of the company that can be subscribed to, of the standard API and of the companion app. */
  supportedSets(): Promise<readonly SubscribableSet[]>;
  /** All subscriptions of the environment, those of other programs included. */
  list(): Promise<readonly WebhookSubscription[]>;
  /** Subscribes; not safe to repeat: look first. Raises SyncFailure, also when the handshake fails. */
  create(request: SubscriptionRequest): Promise<void>;
  /** Gives a subscription its full life again; null when it no longer exists. Raises SyncFailure. Safe to repeat. */
  renew(subscription: WebhookSubscription, request: SubscriptionRequest): Promise<Instant | null>;
  /** Ends a subscription; one that is gone is passed over. Safe to repeat. */
  remove(subscription: WebhookSubscription): Promise<void>;
}
