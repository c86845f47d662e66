/** Webhook subscriptions of the environment: three days of life, at most 200 (section 7.1). */
import type { SimulatorClock } from '../../common/clock.ts';
import { badRequest } from '../serviceError.ts';

/** How long a subscription lives without renewal. */
export const subscriptionLifeMs = 3 * 24 * 60 * 60_000;
const mostSubscriptions = 200;

/** A subscription; times are epoch milliseconds of the simulator clock. */
export interface Subscription {
  readonly id: string;
  readonly companyId: string;
  readonly set: string;
  readonly resource: string;
  readonly notificationUrl: string;
  readonly clientState: string;
  readonly user: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly expiresAtMs: number;
  /** Rises with every change; the content of the etag. */
  readonly version: number;
}

/** What a caller gives; the rest is worked out. */
export type SubscriptionRequest = Pick<
  Subscription,
  'companyId' | 'set' | 'resource' | 'notificationUrl' | 'clientState' | 'user'
>;

/** Keeps subscriptions and removes them when they expire. */
export class SubscriptionStore {
  readonly #clock: SimulatorClock;
  readonly #newId: () => string;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #expiries = new Map<string, () => void>();

  constructor(clock: SimulatorClock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  all(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  get(id: string): Subscription | undefined {
    return this.#subscriptions.get(id);
  }

  /** Adds a subscription. Raises 400 beyond 200. */
  add(request: SubscriptionRequest): Subscription {
    this.refuseWhenFull();
    const nowMs = this.#clock.now();
    const times = { createdAtMs: nowMs, modifiedAtMs: nowMs, expiresAtMs: nowMs + subscriptionLifeMs };
    const subscription = { ...request, ...times, id: this.#newId().replaceAll('-', ''), version: 1 };
    this.put(subscription);
    return subscription;
  }

  /** Raises 400 when no subscription can be added. */
  refuseWhenFull(): void {
    if (this.#subscriptions.size >= mostSubscriptions) {
      throw badRequest(`There cannot be more than ${mostSubscriptions} subscriptions in an environment.`);
    }
  }

  /** Gives three more days from now and takes over new values. */
  renew(id: string, changes: Partial<SubscriptionRequest>): Subscription {
    const before = this.#subscriptions.get(id);
    if (!before) throw badRequest('The subscription does not exist.');
    const nowMs = this.#clock.now();
    const renewed = {
      ...before,
      ...changes,
      modifiedAtMs: nowMs,
      expiresAtMs: nowMs + subscriptionLifeMs,
      version: before.version + 1,
    };
    this.put(renewed);
    return renewed;
  }

  /** Stores a subscription as it is and plans its end. */
  put(subscription: Subscription): void {
    const { id, expiresAtMs } = subscription;
    this.#subscriptions.set(id, subscription);
    this.#expiries.get(id)?.();
    this.#expiries.set(
      id,
      this.#clock.schedule(expiresAtMs, () => this.remove(id)),
    );
  }

  /** Safe to call twice. */
  remove(id: string): void {
    this.#expiries.get(id)?.();
    this.#expiries.delete(id);
    this.#subscriptions.delete(id);
  }
}
