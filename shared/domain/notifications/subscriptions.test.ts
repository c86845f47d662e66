/** The plan that brings subscriptions into order (business-central-api 7.1), and what wakes which job (J-69, J-78). */
import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { mappingName } from '../common/ids.ts';
import { instant, shift } from '../common/instants.ts';
import { defaultMappings } from '../mappings/catalog.ts';
import { planSubscriptions, type WebhookSubscription } from './subscriptions.ts';
import { mappingsWokenBy, mappingsWokenByRow, wakeSetsOf } from './wakeTable.ts';

const now = instant('2026-01-31T10:00:00Z');
const hourMs = 3_600_000;
const own = {
  notificationUrl: 'https://sync.example/api/notifications',
  clientState: 'secret of some length',
};
const customers = { route: 'v2.0', entitySet: 'customers' } as const;
const extras = { route: 'companion', entitySet: 'customerExtras' } as const;

function subscription(id: string, hoursLeft: number, more: Partial<WebhookSubscription> = {}) {
  const expiresAt = shift(now, hoursLeft * hourMs);
  return { id, set: customers, ...own, expiresAt, etag: 'W/"1"', ...more };
}

describe('the plan of subscriptions', () => {
  it('creates what is missing, by route and set', () => {
    const present = [subscription('a', 70, { set: extras })];
    const plan = planSubscriptions([customers, extras], present, own, now);
    expect(plan).toEqual({ create: [customers], renew: [], remove: [] });
  });

  it('renews what is a day old or carries another secret', () => {
    const old = subscription('a', 47);
    const other = subscription('b', 71, { set: extras, clientState: 'former secret' });
    const plan = planSubscriptions([customers, extras], [old, other], own, now);
    expect(plan.renew).toEqual([
      { set: customers, subscription: old },
      { set: extras, subscription: other },
    ]);
    expect(planSubscriptions([customers], [subscription('c', 49)], own, now).renew).toEqual([]);
  });

  it('removes doubles but the one that lives longest, and what is wanted no more', () => {
    const present = [
      subscription('a', 50),
      subscription('b', 60),
      subscription('c', 60, { set: extras }),
      subscription('d', 60, { set: null }),
    ];
    const plan = planSubscriptions([customers], present, own, now);
    expect(plan.remove.map(({ id }) => id).sort()).toEqual(['a', 'c', 'd']);
    expect(plan.create).toEqual([]);
  });

  it('leaves subscriptions of other addresses alone', () => {
    const foreign = subscription('a', 1, { notificationUrl: 'https://other.example/hook' });
    expect(planSubscriptions([], [foreign], own, now)).toEqual({ create: [], renew: [], remove: [] });
  });
});

describe('the wake table', () => {
  const names = (set: string) =>
    mappingsWokenBy(defaultMappings('person'), set).map(({ name }) => String(name));

  it.each([
    ['customers', ['CUSTOMER']],
    ['customerExtras', ['CUSTOMER']],
    ['contacts', ['CONTACT']],
    ['currencies', ['CURRENCY']],
    ['currencyExchangeRates', ['CURRENCY']],
    ['salespeoplePurchasers', ['SALESPEOPLE']],
    ['employees', []],
  ])('a change of %s wakes %j (J-62, J-69, J-78, E-164)', (set, expected) => {
    expect(names(set)).toEqual(expect.arrayContaining(expected));
    expect(names(set).length).toBeGreaterThanOrEqual(expected.length);
    if (expected.length === 0) expect(names(set)).toEqual([]);
  });

  it.each([
    ['CONTACT', 30, 720],
    ['CURRENCY', 30, 720],
    ['CUSTOMER', 30, 720],
    ['VENDOR', 30, 720],
    ['CUSTPRCGRP-PRICE', 30, 1440],
    ['ITEM-PRODUCT', 30, 1440],
    ['POSTEDSALESINV-INV', 30, 1440],
    ['RESOURCE-PRODUCT', 30, 720],
    ['SALESPEOPLE', 30, 1440],
    ['SALESPRC-PRODPRICE', 30, 1440],
    ['UNIT OF MEASURE', 30, 720],
    ['SALESORDER-ORDER', 30, 720],
  ])(
    'the job %s, where there is one, runs every %i minutes and is held for %i (J-78)',
    (name, frequency, hold) => {
      const mapping = defaultMappings('person').find((one) => one.name === name);
      const job = mapping?.job ?? { frequencyMinutes: frequency, inactivityTimeoutMinutes: hold };
      expect(job).toMatchObject({ frequencyMinutes: frequency, inactivityTimeoutMinutes: hold });
    },
  );

  it('leaves out mappings that are disabled, have no job, or take no part (J-63)', () => {
    const off = [
      thingMapping({ enabled: false }),
      thingMapping({ job: null }),
      thingMapping({ eventDrivenRescheduling: false }),
    ];
    expect(mappingsWokenBy(off, 'things')).toEqual([]);
    expect(mappingsWokenBy([thingMapping()], 'Things')).toHaveLength(1);
  });

  it('follows rows only of mappings that read Dataverse (J-70)', () => {
    const named = (name: string, direction: 'both' | 'toDataverse' | 'toBusinessCentral') =>
      thingMapping({ name: mappingName(name), direction });
    const all = [named('A', 'both'), named('B', 'toDataverse'), named('C', 'toBusinessCentral')];
    expect(mappingsWokenByRow(all, 'thing').map(({ name }) => String(name))).toEqual(['A', 'C']);
  });

  it('names companions and lines beside the main set (J-69)', () => {
    const orders = thingMapping({ name: mappingName('SALESORDER-ORDER') });
    expect(wakeSetsOf(orders)).toEqual(['things', 'salesOrders', 'salesOrderLines']);
  });
});
