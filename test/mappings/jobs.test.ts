/** The jobs of the default mappings, and the order in which mappings run. */
import { describe, expect, it } from 'vitest';
import { inDependencyOrder } from '../../shared/app/jobs/requestRuns.ts';
import { jobStatuses, weekdays } from '../../shared/domain/jobs/jobQueueEntry.ts';
import { newJobQueueEntry } from '../../shared/domain/jobs/transitions.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { someTime } from '../builders/records.ts';
import { seedJobs } from '../simulation/expectation.ts';

const mappings = defaultMappings('person');
const entries = mappings.flatMap((mapping) => newJobQueueEntry(mapping, someTime) ?? []);

describe('the default jobs', () => {
  it('are those of the seed documents, every 30 minutes, with their timeouts and categories (J-45, J-76, J-78)', () => {
    const described = entries.map(({ name, frequencyMinutes, inactivityTimeoutMinutes, category }) => [
      name,
      { frequencyMinutes, inactivityMinutes: inactivityTimeoutMinutes, category },
    ]);
    const frequencyMinutes = 30;
    const expected = Object.entries(seedJobs).map(([name, job]) => [name, { frequencyMinutes, ...job }]);
    expect(Object.fromEntries(described)).toMatchObject(Object.fromEntries(expected));
  });

  it('are none for OPPORTUNITY, which runs by hand and in full synchronisations only (J-79)', () => {
    expect(mappings.map(({ name }) => String(name))).toContain('OPPORTUNITY');
    expect(entries.map(({ name }) => name)).not.toContain('OPPORTUNITY');
  });

  it('have the statuses of Business Central, and weeks that begin on Monday (J-12, J-29)', () => {
    expect(jobStatuses).toEqual([
      'ready',
      'inProcess',
      'error',
      'onHold',
      'onHoldInactivity',
      'waiting',
      'finished',
    ]);
    expect([weekdays[0], weekdays[6]]).toEqual(['monday', 'sunday']);
  });
});

describe('mappings in order', () => {
  it('begin with what others refer to, as the seed documents order them (J-83, J-84, J-85)', () => {
    const names = inDependencyOrder(mappings).map(({ name }) => String(name));
    const chains = [
      ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER', 'CONTACT', 'OPPORTUNITY'],
      ['SALESPEOPLE', 'CURRENCY', 'VENDOR', 'CONTACT'],
      ['UNIT OF MEASURE', 'RESOURCE-PRODUCT', 'OPPORTUNITY'],
      ['UNIT OF MEASURE', 'ITEM-PRODUCT', 'CUSTPRCGRP-PRICE', 'SALESPRC-PRODPRICE'],
    ];
    for (const chain of chains) expect(names.filter((name) => chain.includes(name))).toEqual(chain);
  });
});
