/** Which webhook subscriptions there should be, and what to do about those there are (business-central-api 7.1, 7.2). */
import { type Instant, shift } from '../common/instants.ts';
import type { BusinessCentralRoute } from '../mappings/model.ts';

/** An entity set of the company that can be subscribed to. */
export interface SubscribableSet {
  readonly route: BusinessCentralRoute;
  readonly entitySet: string;
}

/** A subscription as it is stored in Business Central. */
export interface WebhookSubscription {
  readonly id: string;
  readonly notificationUrl: string;
  /** Null when it is of another route or company, or of no form that is known here. */
  readonly set: SubscribableSet | null;
  readonly clientState: string;
  readonly expiresAt: Instant;
  readonly etag: string;
}

/** Changes that bring the subscriptions of this app into order; the sets without one come first. */
export interface SubscriptionPlan {
  readonly create: readonly SubscribableSet[];
  readonly renew: readonly { readonly subscription: WebhookSubscription; readonly set: SubscribableSet }[];
  readonly remove: readonly WebhookSubscription[];
}

/** A subscription lives for three days and is renewed daily. */
const renewBelowMs = 2 * 24 * 60 * 60_000;

/**
 * Compares what is wanted with what there is. Subscriptions of other addresses belong to others and are not touched. Of
 * several for one set the one that lives longest stays; one with another secret is renewed with the present one.
 */
export function planSubscriptions(
  wanted: readonly SubscribableSet[],
  present: readonly WebhookSubscription[],
  own: { readonly notificationUrl: string; readonly clientState: string },
  now: Instant,
): SubscriptionPlan {
  const ours = present
    .filter(({ notificationUrl }) => notificationUrl === own.notificationUrl)
    .toSorted((left, right) => (left.expiresAt < right.expiresAt ? 1 : -1));
  const kept = wanted.map((set) => ({
    set,
    subscription: ours.find((one) => one.set !== null && setKey(one.set) === setKey(set)),
  }));
  const keptIds = new Set(kept.map(({ subscription }) => subscription?.id));
  const isDue = ({ expiresAt, clientState }: WebhookSubscription): boolean =>
    expiresAt < shift(now, renewBelowMs) || clientState !== own.clientState;
  return {
    create: kept.filter(({ subscription }) => subscription === undefined).map(({ set }) => set),
    renew: kept.flatMap(({ set, subscription }) =>
      subscription !== undefined && isDue(subscription) ? [{ set, subscription }] : [],
    ),
    remove: ours.filter(({ id }) => !keptIds.has(id)),
  };
}

/** Sets are told apart by route and name. */
export function setKey({ route, entitySet }: SubscribableSet): string {
  return `${route}/${entitySet}`;
}
