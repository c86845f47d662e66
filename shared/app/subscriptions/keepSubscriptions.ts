/** Keeps the webhook subscriptions of Business Central as they should be (business-central-api 7.1, 7.4). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { type Instant, shift } from '../../domain/common/instants.ts';
import { codeJobsWokenBy } from '../../domain/jobs/codeJobs.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { planSubscriptions, type SubscribableSet, setKey } from '../../domain/notifications/subscriptions.ts';
import { canBeWoken, mappingsWokenBy, wakeSetsOf } from '../../domain/notifications/wakeTable.ts';
import type { ChangeSubscriptions } from '../../ports/changeSubscriptions.ts';
import { codeJobsFor } from '../jobs/codeJobs.ts';
import { wakeJobs } from '../jobs/wakeJobs.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Where notifications go, and the secret they carry. */
export interface NotificationTarget {
  readonly notificationUrl: string;
  readonly clientState: string;
}

/** What was done, and how many changes failed and are tried again. */
export interface SubscriptionReport {
  readonly wanted: number;
  readonly created: readonly SubscribableSet[];
  readonly renewed: number;
  readonly removed: number;
  readonly failed: number;
}

interface Surroundings {
  readonly ports: SyncPorts;
  readonly subscriptions: ChangeSubscriptions;
  readonly mappings: readonly TableMapping[];
}

/**
 * Creates missing subscriptions, renews those that are a day old, heals lost ones and removes doubles. What was missed
 * before a subscription was created is read by the jobs, which are woken. One failure does not stop the others. Raises
 * SyncFailure when the present subscriptions cannot be read. Safe to repeat.
 */
export async function keepSubscriptions(
  around: Surroundings,
  target: NotificationTarget,
): Promise<SubscriptionReport> {
  const { ports, subscriptions } = around;
  const [wanted, present] = await Promise.all([wantedSets(around), subscriptions.list()]);
  const plan = planSubscriptions(wanted, present, target, ports.clock.now());
  const attempt = attempts(ports);
  for (const one of plan.remove) {
    await attempt('removed', one.set, async () => void (await subscriptions.remove(one)));
  }
  const create = (set: SubscribableSet) =>
    attempt('created', set, () => subscriptions.create({ set, ...target }));
  for (const { set, subscription } of plan.renew) {
    let isGone = false;
    await attempt('renewed', set, async () => {
      isGone = (await subscriptions.renew(subscription, { set, ...target })) === null;
    });
    if (isGone) await create(set);
  }
  for (const set of plan.create) await create(set);
  const { done, failed } = attempt;
  await catchUp(around, done.created);
  const { length: renewed } = done.renewed;
  return {
    wanted: wanted.length,
    created: done.created,
    renewed,
    removed: done.removed.length,
    failed: failed(),
  };
}

/** What the environment offers of what the jobs can be woken by. */
async function wantedSets({ ports, subscriptions, mappings }: Surroundings) {
  const { disabledJobs, documents } = ports.policy;
  const ofMappings = mappings
    .filter((mapping) => canBeWoken(mapping) && !disabledJobs.includes(mapping.name))
    .flatMap(wakeSetsOf);
  const ofCode = codeJobsFor(documents)
    .filter(({ name }) => !disabledJobs.includes(name))
    .flatMap(({ wokenBy }) => wokenBy);
  const names = [...ofMappings, ...ofCode].map((name) => name.toLowerCase());
  const supported = await subscriptions.supportedSets();
  const wanted = supported.filter(({ entitySet }) => names.includes(entitySet.toLowerCase()));
  return [...new Map(wanted.map((set) => [setKey(set), set])).values()];
}

type Deed = 'created' | 'renewed' | 'removed';

/** Does things one by one, counts them, and logs those that fail. */
function attempts(ports: SyncPorts) {
  const done: Record<Deed, SubscribableSet[]> = { created: [], renewed: [], removed: [] };
  let failures = 0;
  const attempt = async (deed: Deed, set: SubscribableSet | null, act: () => Promise<void>) => {
    const entitySet = set?.entitySet ?? null;
    try {
      await act();
      done[deed].push(set ?? { route: 'v2.0', entitySet: '' });
      ports.log('information', 'subscription-changed', { entitySet, deed });
    } catch (error) {
      if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
      failures += 1;
      const { code, message } = error;
      ports.log('warning', 'subscription-failed', { entitySet, deed, code, message });
    }
  };
  return Object.assign(attempt, { done, failed: () => failures });
}

/** Changes made while there was no subscription were told to nobody. */
async function catchUp(
  { ports, mappings }: Surroundings,
  created: readonly SubscribableSet[],
): Promise<void> {
  const codeJobs = codeJobsFor(ports.policy.documents);
  const concerned: readonly { readonly name: string }[] = created.flatMap(({ entitySet }) => [
    ...mappingsWokenBy(mappings, entitySet),
    ...codeJobsWokenBy(codeJobs, entitySet),
  ]);
  await wakeJobs(
    ports,
    concerned.map(({ name }) => name),
    'subscriptionCreated',
  );
}

/** After this time the subscriptions are looked at again; a failure is followed up at the next tick. */
const lookAgainMs = 60 * 60_000;

/**
 * Looks at the subscriptions once an hour, however often it is asked: at the first tick of a process, so that they are
 * there soon after a start, and at the next tick after a failure. Null when there was nothing to do.
 */
export function createSubscriptionKeeper() {
  let lookAgainAt: Instant | null = null;
  return async (around: Surroundings, target: NotificationTarget): Promise<SubscriptionReport | null> => {
    const now = around.ports.clock.now();
    const isClockBack = lookAgainAt !== null && lookAgainAt > shift(now, lookAgainMs);
    if (lookAgainAt !== null && now < lookAgainAt && !isClockBack) return null;
    const report = await keepSubscriptions(around, target);
    lookAgainAt = report.failed > 0 ? null : shift(now, lookAgainMs);
    return report;
  };
}
