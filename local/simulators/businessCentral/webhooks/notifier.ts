/** Collects changes per subscription and turns them into notification entries (section 7.3). */
import type { SimulatorClock } from '../../common/clock.ts';
import { requireSet } from '../schema/schema.ts';
import type { Database, RowChange } from '../store/database.ts';
import { instantText } from '../store/row.ts';
import { deliver } from './delivery.ts';
import type { Subscription, SubscriptionStore } from './subscriptionStore.ts';

/** One entry of a notification body. */
export interface NotificationEntry {
  readonly subscriptionId: string;
  readonly clientState: string;
  readonly expirationDateTime: string;
  readonly resource: string;
  readonly changeType: 'created' | 'updated' | 'deleted' | 'collection';
  readonly lastModifiedDateTime: string;
}

interface PendingChange {
  readonly id: string;
  readonly kind: RowChange['kind'];
  readonly firstAtMs: number;
  lastAtMs: number;
}

/** What the notifier works with. */
export interface NotifierOptions {
  readonly clock: SimulatorClock;
  readonly subscriptions: SubscriptionStore;
  readonly delayMs: number;
  /** More pending changes than this become one `collection` entry. */
  readonly collectionThreshold: number;
  newGuid(): string;
}

/** Sends notifications for the committed changes of a database. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #pending = new Map<string, PendingChange[]>();
  readonly #lastById = new Map<string, PendingChange>();
  readonly #scheduledUrls = new Set<string>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  listenTo(database: Database): void {
    database.onCommit((changes) => {
      const subscriptions = this.#options.subscriptions.all();
      if (subscriptions.length === 0) return;
      for (const change of changes) this.#note(change, subscriptions);
    });
  }

  #note(change: RowChange, subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      if (subscription.companyId !== change.company.info.id) continue;
      if (requireSet(subscription.set).table !== change.table) continue;
      this.#add(subscription, change);
      this.#schedule(subscription.notificationUrl);
    }
  }

  /** Consecutive updates of a record merge; created and updated stay two entries. */
  #add(subscription: Subscription, change: RowChange): void {
    const key = `${subscription.id} ${change.id}`;
    const last = this.#lastById.get(key);
    if (last && last.kind === 'updated' && change.kind === 'updated') {
      last.lastAtMs = change.atMs;
      return;
    }
    const entry = { id: change.id, kind: change.kind, firstAtMs: change.atMs, lastAtMs: change.atMs };
    this.#lastById.set(key, entry);
    const pending = this.#pending.get(subscription.id);
    if (pending) pending.push(entry);
    else this.#pending.set(subscription.id, [entry]);
  }

  #schedule(url: string): void {
    if (this.#scheduledUrls.has(url)) return;
    this.#scheduledUrls.add(url);
    const { clock, delayMs } = this.#options;
    clock.schedule(clock.now() + delayMs, () => this.#flush(url));
  }

  async #flush(url: string): Promise<void> {
    this.#scheduledUrls.delete(url);
    const entries: NotificationEntry[] = [];
    for (const subscription of this.#options.subscriptions.all()) {
      if (subscription.notificationUrl === url) entries.push(...this.#takeEntries(subscription));
    }
    this.#forgetGone();
    const { clock, subscriptions, newGuid } = this.#options;
    if (entries.length > 0) await deliver({ clock, subscriptions, correlationId: newGuid() }, url, entries);
  }

  #takeEntries(subscription: Subscription): readonly NotificationEntry[] {
    const pending = this.#pending.get(subscription.id) ?? [];
    this.#pending.delete(subscription.id);
    for (const change of pending) this.#lastById.delete(`${subscription.id} ${change.id}`);
    if (pending.length > this.#options.collectionThreshold) return [collectionEntry(subscription, pending)];
    return pending.map((change) => ({
      ...sharedPart(subscription, change.lastAtMs),
      resource: `${subscription.resource.replace(/^\//, '')}(${change.id})`,
      changeType: change.kind,
    }));
  }

  /** Pending changes of subscriptions that ended are lost (section 7.4). */
  #forgetGone(): void {
    for (const id of this.#pending.keys()) {
      if (this.#options.subscriptions.get(id)) continue;
      for (const change of this.#pending.get(id) ?? []) this.#lastById.delete(`${id} ${change.id}`);
      this.#pending.delete(id);
    }
  }
}

function sharedPart(
  subscription: Subscription,
  atMs: number,
): Omit<NotificationEntry, 'resource' | 'changeType'> {
  return {
    subscriptionId: subscription.id,
    clientState: subscription.clientState,
    expirationDateTime: instantText(subscription.expiresAtMs),
    lastModifiedDateTime: instantText(atMs),
  };
}

/** A bare set when a delete is among the changes or the page shows no `lastModifiedDateTime`. */
function collectionEntry(subscription: Subscription, pending: readonly PendingChange[]): NotificationEntry {
  const first = pending.reduce(
    (least, change) => Math.min(least, change.firstAtMs),
    Number.POSITIVE_INFINITY,
  );
  const last = pending.reduce((most, change) => Math.max(most, change.lastAtMs), 0);
  const canFilter = requireSet(subscription.set).property.has('lastModifiedDateTime');
  const isBare = !canFilter || pending.some((change) => change.kind === 'deleted');
  const filter = encodeURIComponent(`lastModifiedDateTime gt ${instantText(first - 50)}`);
  const resource = subscription.resource.replace(/^\//, '');
  return {
    ...sharedPart(subscription, last),
    resource: isBare ? resource : `${resource}?$filter=${filter}`,
    changeType: 'collection',
  };
}
